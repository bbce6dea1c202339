namespace Monitoring.Domain.History;

/// <summary>A copy of the history cannot be reached or does not take what it is given now. Nothing is lost: the ledger has it, and it is copied later.</summary>
public sealed class HistoryAwayException : Exception
{
    /// <summary>A copy that is away.</summary>
    public HistoryAwayException()
        : this("The history cannot be reached now; it is made up for when it is back.")
    {
    }

    /// <summary>A copy that is away.</summary>
    /// <param name="message">What happened and what to do, for the person who runs the hub.</param>
    public HistoryAwayException(string message)
        : base(message)
    {
    }

    /// <summary>A copy that is away because of a fault.</summary>
    /// <param name="message">What happened and what to do, for the person who runs the hub.</param>
    /// <param name="fault">The fault.</param>
    public HistoryAwayException(string message, Exception fault)
        : base(message, fault)
    {
    }

    /// <summary>Whether somebody has to do something before it can go on: a token that is refused, a bucket that does not exist. Otherwise it is tried again by itself.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>How long the copy asks to be left alone; null where it says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
