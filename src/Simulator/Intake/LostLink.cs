namespace Monitoring.Simulator.Intake;

/// <summary>What a street cabinet keeps while its link is down, and sends late, oldest first, when it is back.</summary>
/// <remarks>At most <see cref="KeptMax"/> messages are kept; beyond that the oldest go, as in a real cabinet's memory.</remarks>
internal sealed class LostLink<T>
{
    /// <summary>Most messages kept.</summary>
    public const int KeptMax = 5_000;

    /// <summary>Messages sent late per second: a slow radio link empties slowly.</summary>
    public const int LatePerSecond = 10;

    private readonly Queue<T> _kept = [];

    /// <summary>Whether the link is down.</summary>
    public bool Down { get; set; }

    /// <summary>Takes what is said in one second.</summary>
    /// <param name="said">The messages, in order.</param>
    /// <returns>What gets through in this second, in order.</returns>
    public IEnumerable<T> Pass(IEnumerable<T> said)
    {
        foreach (var message in said)
        {
            _kept.Enqueue(message);
            if (_kept.Count > KeptMax)
                _kept.Dequeue();
        }

        for (var sent = 0; !Down && sent < LatePerSecond && _kept.Count > 0; sent++)
            yield return _kept.Dequeue();
    }
}
