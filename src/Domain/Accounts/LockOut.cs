namespace Monitoring.Domain.Accounts;

/// <summary>When wrong passwords lock an account's password.</summary>
/// <param name="AttemptsMax">So many wrong passwords within the window lock it; 1 or more.</param>
/// <param name="Window">How long a wrong password counts; begins with the first.</param>
/// <param name="LockedFor">How long it stays locked.</param>
public sealed record LockOutRule(int AttemptsMax, TimeSpan Window, TimeSpan LockedFor);

/// <summary>Wrong passwords of one account.</summary>
/// <param name="Count">Attempts in the window that have not turned out right.</param>
/// <param name="Since">Start of the window.</param>
/// <param name="LockedUntil">End of the lock; an instant in the past where there is none.</param>
/// <remarks>
/// An attempt counts before the password is looked at and is forgotten when it was right: many attempts at the same moment get no more tries than one after the other.
/// Only the password is locked. A passkey still opens the account, so that a stranger who guesses on purpose cannot keep a duty officer out.
/// </remarks>
public sealed record LockOut(int Count, DateTimeOffset Since, DateTimeOffset LockedUntil)
{
    /// <summary>Nothing wrong so far.</summary>
    public static LockOut None { get; } = new(0, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// <summary>Whether the password is locked. A lock that reaches further than a lock can, because the clock was set back, is none.</summary>
    /// <param name="now">Now, UTC.</param>
    /// <param name="rule">The rule.</param>
    public bool IsLocked(DateTimeOffset now, LockOutRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return now < LockedUntil && LockedUntil - now <= rule.LockedFor;
    }

    /// <summary>Counts one more attempt; the last one that is allowed locks.</summary>
    /// <param name="now">Now, UTC.</param>
    /// <param name="rule">The rule.</param>
    public LockOut Attempt(DateTimeOffset now, LockOutRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var begun = Count > 0 && now >= Since && now - Since < rule.Window;
        var count = begun ? Count + 1 : 1;
        return count >= rule.AttemptsMax
            ? new LockOut(0, DateTimeOffset.MinValue, now + rule.LockedFor)
            : new LockOut(count, begun ? Since : now, DateTimeOffset.MinValue);
    }
}
