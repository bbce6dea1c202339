namespace Monitoring.Contracts.Intake;

/// <summary>No gateway answers: what only a gateway knows cannot be told now.</summary>
[GenerateSerializer, Alias("gateway-away")]
public sealed class GatewayAwayException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What to do.</param>
    public GatewayAwayException(string message)
        : base(message)
    {
    }
}
