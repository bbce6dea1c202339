namespace Monitoring.Simulator.Intake;

/// <summary>A way of messages to the hub.</summary>
internal interface IMessageLink
{
    /// <summary>Most unacknowledged messages that the hub allows.</summary>
    int ReceiveMaximum { get; }

    /// <summary>Connects unless connected.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LinkLostException">The hub cannot be reached.</exception>
    /// <exception cref="LinkRefusedException">The hub does not let this user in.</exception>
    Task ConnectAsync(CancellationToken cancellation);

    /// <summary>Publishes one message and waits for its acknowledgement.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LinkLostException">The connection ended before the answer came: send the message again.</exception>
    Task<PublishFate> PublishAsync(OutgoingMessage message, CancellationToken cancellation);

    /// <summary>Ends the connection without saying goodbye.</summary>
    Task DropAsync();
}
