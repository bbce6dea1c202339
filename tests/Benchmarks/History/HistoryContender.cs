using Monitoring.Domain.History;

namespace Monitoring.Benchmarks.History;

/// <summary>A store that is measured. Another one needs a class and a line in <see cref="All"/>.</summary>
internal abstract class HistoryContender : IAsyncDisposable
{
    /// <summary>All of them, by the word of the command line.</summary>
    public static IReadOnlyDictionary<string, Func<string, HistoryContender>> All { get; } = new Dictionary<string, Func<string, HistoryContender>>
    {
        ["duckdb"] = folder => new DuckDbContender(folder),
        ["sqlite"] = folder => new SqliteContender(folder),
        ["influxd"] = folder => new InfluxContender(folder),
    };

    /// <summary>Starts what it needs.</summary>
    public virtual Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Writes a batch durably, with its cursor.</summary>
    public abstract Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation);

    /// <summary>After the last batch: what makes the file what it will be.</summary>
    public virtual Task SettleAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Hours of all spaces added up by series and hour of the week, in one question.</summary>
    /// <returns>How many sums.</returns>
    public abstract Task<int> ProfileOfAllAsync(CancellationToken cancellation);

    /// <summary>Hours of one series added up by hour of the week.</summary>
    /// <returns>How many sums.</returns>
    public abstract Task<int> ProfileAsync(HistoryRange range, CancellationToken cancellation);

    /// <summary>Points of a range.</summary>
    /// <returns>How many points.</returns>
    public abstract Task<int> ReadAsync(HistoryRange range, CancellationToken cancellation);

    /// <summary>Processes that it needs besides this one, for their memory; by default none.</summary>
    public virtual IEnumerable<int> Processes => [];

    public abstract ValueTask DisposeAsync();
}
