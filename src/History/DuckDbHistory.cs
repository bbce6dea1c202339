using System.Globalization;
using DuckDB.NET.Data;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>The history in one DuckDB file of this machine: it keeps its cursor itself, and answers questions.</summary>
/// <remarks>The engine works synchronously, so everything runs on threads of the pool: one writer, and as many questions as the options say.</remarks>
public sealed class DuckDbHistory : IHistoryStore, IDisposable
{
    private static readonly TimeSpan FetchAgain = TimeSpan.FromSeconds(5);

    private readonly DuckDbEngine _engine;
    private readonly HistoryOptions _options;
    private readonly SemaphoreSlim _exports;
    private long _exported;

    /// <summary>Creates it; the file is opened when it is first needed.</summary>
    /// <param name="dataFolder">The data folder of the hub.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">For the time that a question may take.</param>
    public DuckDbHistory(string dataFolder, HistoryOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_engine, _options, _exports) = (new(FileIn(dataFolder), options, time), options, new(options.ExportsMax));
    }

    /// <inheritdoc/>
    public string Name => "duckdb";

    /// <summary>The file below a data folder.</summary>
    /// <param name="dataFolder">The data folder.</param>
    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "silo", "history.duckdb");

    /// <inheritdoc/>
    public async Task<long?> CursorAsync(CancellationToken cancellation) =>
        await _engine.WriteAsync(connection => Convert.ToInt64(Sql.Scalar(connection, "SELECT max(copied_to) FROM monitoring_history"), CultureInfo.InvariantCulture), cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(points);
        EachOnce(points, point => point.Key);
        return _engine.WriteAsync(connection =>
        {
            if (points.Count > 0)
                PointRows.Append(connection, points);
            return Sql.Execute(connection, "UPDATE monitoring_history SET copied_to = $cursor", ("cursor", cursor));
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyList<HealthPoint> points, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(points);
        EachOnce(points, point => (point.Space, point.Device, point.At));
        return points.Count == 0 ? Task.CompletedTask : _engine.WriteAsync(connection =>
        {
            HealthRows.Append(connection, points);
            return points.Count;
        }, cancellation);
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(DateTimeOffset cellsBefore, DateTimeOffset healthBefore, CancellationToken cancellation)
    {
        var gone = await _engine.WriteAsync(
            connection => Sql.Execute(connection, "DELETE FROM points WHERE from_utc < $before AND grid <> $month", ("before", cellsBefore.ToUniversalTime()), ("month", HistoryGrid.Month.ToName()))
                + Sql.Execute(connection, "DELETE FROM health WHERE at_utc < $before", ("before", healthBefore.ToUniversalTime())),
            cancellation).ConfigureAwait(false);
        if (gone > 0)
            await _engine.GiveBackAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>A file that cannot be used is put aside, <c>history.duckdb.aside</c>, and a new one begun; what it knew of devices is lost to questions then.</remarks>
    public async Task ClearAsync(CancellationToken cancellation)
    {
        try
        {
            await _engine.WriteAsync(connection => Sql.Execute(connection, $"DROP TABLE points; {PointRows.Create} UPDATE monitoring_history SET copied_to = 0"), cancellation).ConfigureAwait(false);
            await _engine.GiveBackAsync(cancellation).ConfigureAwait(false);
        }
        catch (HistoryAwayException away) when (away.InnerException is UnusableFileException || (away.InnerException is DuckDBException fault && DuckDbFault.IsUnreadable(fault)))
        {
            await _engine.BeginAnewAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistoryPoint>> ReadAsync(HistoryRange range, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(range.Max, nameof(range));
        return _engine.AskAsync(connection => PointQuestions.Read(connection, range), cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HourOfWeekSum>> WeekAsync(HistoryRange range, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.Grid != HistoryGrid.Hour)
            throw new ArgumentException($"The grid is {range.Grid.ToName()}: ask for {HistoryGrid.Hour.ToName()}.", nameof(range));
        return _engine.AskAsync(connection => PointQuestions.ByHourOfWeek(connection, range), cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistorySeries>> SeriesAsync(string space, CancellationToken cancellation) =>
        _engine.AskAsync(connection => PointQuestions.SeriesOf(connection, space), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HealthPoint>> HealthAsync(string device, DateTimeOffset from, DateTimeOffset to, int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return _engine.AskAsync(connection => HealthRows.Read(connection, device, from, to, max), cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HealthPoint>> HealthAfterAsync(DateTimeOffset after, int instants, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(instants);
        return _engine.AskAsync(connection => HealthRows.ReadAfter(connection, after, instants), cancellation);
    }

    /// <inheritdoc/>
    public async Task<HistoryFile?> ExportAsync(HistoryExport export, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(export);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(export.Max, nameof(export));
        if (!await _exports.WaitAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false))
            throw new HistoryAwayException($"{_options.ExportsMax} files are being fetched already: ask again in some seconds.") { RetryAfter = FetchAgain };
        var path = Path.Combine(_engine.Exports, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _exported)}"));
        HistoryFile? made = null;
        try
        {
            return made = await _engine.AskAsync(connection => ExportedFile.Make(connection, export, path, () => _exports.Release()), cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (made is null)
            {
                File.Delete(path);
                _exports.Release();
            }
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _engine.Dispose();
        _exports.Dispose();
    }

    // Two points of one key in a batch would both stay: replacing looks at what was there before.
    private static void EachOnce<TPoint, TKey>(IReadOnlyList<TPoint> points, Func<TPoint, TKey> key)
    {
        var keys = new HashSet<TKey>(points.Count);
        foreach (var twice in points.Select(key).Where(one => !keys.Add(one)))
            throw new ArgumentException($"The point {twice} is there twice: give each key once.", nameof(points));
    }
}
