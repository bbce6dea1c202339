namespace Monitoring.Dashboard.Spaces;

/// <summary>How long a message takes from the gateway to one screen: the median of the last few, so that one slow one does not make the number jump.</summary>
internal sealed class ScreenLatency
{
    /// <summary>How many are kept; older ones are forgotten.</summary>
    public const int Kept = 20;

    private readonly Queue<TimeSpan> _samples = new(Kept);
    private TimeSpan _half;

    /// <summary>Takes the measured time to the screen and back.</summary>
    /// <param name="there">Time to the screen and back.</param>
    public void Pinged(TimeSpan there) => _half = there / 2;

    /// <summary>Takes a state that is being drawn.</summary>
    /// <param name="receivedAt">When the gateway received the newest message in it.</param>
    /// <param name="drawnAt">Now, by the same clock; a difference below zero counts as none.</param>
    public void Drawn(DateTimeOffset receivedAt, DateTimeOffset drawnAt)
    {
        if (_samples.Count == Kept)
            _samples.Dequeue();
        _samples.Enqueue(drawnAt > receivedAt ? drawnAt - receivedAt : TimeSpan.Zero);
    }

    /// <summary>Whole milliseconds, half of the way to the screen and back included; null before the first.</summary>
    public int? Milliseconds => _samples.Count == 0 ? null : (int)Math.Round((_samples.Order().ElementAt(_samples.Count / 2) + _half).TotalMilliseconds);
}
