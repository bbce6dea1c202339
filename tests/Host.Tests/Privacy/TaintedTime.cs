using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>The machine's clock; timers that empty write-ahead logs every five minutes do nothing at first, and run each second once the test says so.</summary>
internal sealed class TaintedTime : TimeProvider
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private volatile bool _emptiesLogs;

    /// <summary>Lets five minutes of those timers be a second.</summary>
    public void EmptyLogs() => _emptiesLogs = true;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != SqliteFile.TruncateLogEvery)
            return base.CreateTimer(callback, state, dueTime, period);
        var (once, done) = (period == Timeout.InfiniteTimeSpan, 0);
        return base.CreateTimer(
            inner =>
            {
                if (_emptiesLogs && (!once || Interlocked.Exchange(ref done, 1) == 0))
                    callback(inner);
            },
            state,
            Second,
            Second);
    }
}
