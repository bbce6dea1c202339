namespace Monitoring.Domain.History;

/// <summary>A place to which history is copied. The release ledger stays the only authority: a copy is never asked what a number is, and can be made again.</summary>
public interface IHistoryCopy
{
    /// <summary>A word that tells copies apart in logs, metrics and cursors: <c>duckdb</c>, <c>influxdb</c>.</summary>
    string Name { get; }

    /// <summary>How far the ledger has been copied; null for a copy that does not keep it, so that its caller does.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">The copy cannot be reached now.</exception>
    Task<long?> CursorAsync(CancellationToken cancellation);

    /// <summary>Writes points, each in place of the one with its key; written twice they are there once. A copy that keeps the cursor writes it with them, both or neither.</summary>
    /// <param name="points">0 or more points of different keys.</param>
    /// <param name="cursor">How far the ledger has been copied with them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">They were not all written; the caller keeps them and comes again.</exception>
    Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation);

    /// <summary>Writes how devices were.</summary>
    /// <param name="points">0 or more points.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">They were not all written; the caller comes again.</exception>
    Task AppendAsync(IReadOnlyList<HealthPoint> points, CancellationToken cancellation);

    /// <summary>Whether usual weeks are written to it; a copy that works them out itself, or has no place for them, needs none.</summary>
    bool KeepsWeeks => false;

    /// <summary>Writes usual weeks beside earlier ones.</summary>
    /// <param name="weeks">0 or more weeks of different series.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">They were not all written; the caller comes again.</exception>
    Task AppendWeeksAsync(IReadOnlyList<UsualWeek> weeks, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The head of the ledger that came furthest of those that were kept here, whatever the clock said then; null where there is none, or the copy keeps none.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">It cannot be asked now.</exception>
    Task<LedgerMark?> HeadAsync(CancellationToken cancellation) => Task.FromResult<LedgerMark?>(null);

    /// <summary>Keeps how far the ledger has come, beside what was kept before: away from this machine, so that a ledger that is put back to an older state is noticed.</summary>
    /// <param name="head">The head.</param>
    /// <param name="at">UTC by the wall clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">It was not kept; the caller comes again.</exception>
    Task KeepHeadAsync(LedgerMark head, DateTimeOffset at, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Deletes cells, hours and days that begin before an instant, and how devices were before another. Months stay.</summary>
    /// <param name="cellsBefore">UTC, for points of releases.</param>
    /// <param name="healthBefore">UTC, for points of devices.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">The caller comes again.</exception>
    Task ForgetAsync(DateTimeOffset cellsBefore, DateTimeOffset healthBefore, CancellationToken cancellation);

    /// <summary>Deletes all points of releases and sets the cursor to 0, before they are copied anew.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">The caller comes again.</exception>
    Task ClearAsync(CancellationToken cancellation);
}

/// <summary>How far the release ledger has come. Nothing in it depends on a passage.</summary>
/// <param name="Seq">Last place in what copies read.</param>
/// <param name="Number">Number of the newest row; 0 where there was none.</param>
/// <param name="Hash">Its hash, hexadecimal; empty where there was none.</param>
public sealed record LedgerMark(long Seq, long Number, string Hash);

/// <summary>The usual week of one series as of an instant.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="At">UTC end of the last day that is in it.</param>
/// <param name="Week">The week.</param>
public sealed record UsualWeek(HistoryKind Kind, DateTimeOffset At, WeekProfile Week);

/// <summary>The copy that answers questions.</summary>
public interface IHistoryStore : IHistoryCopy
{
    /// <summary>Points of one series and grid that have an instant in common with a range, by their start.</summary>
    /// <param name="range">Which points.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">It cannot be asked now.</exception>
    Task<IReadOnlyList<HistoryPoint>> ReadAsync(HistoryRange range, CancellationToken cancellation);

    /// <summary>Hours of one series added up by hour of the week, noisy and by kind of noise, so that their sums can be published like any other.</summary>
    /// <param name="range">Which hours; its grid is <see cref="HistoryGrid.Hour"/>, its most points do not matter.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">It cannot be asked now.</exception>
    Task<IReadOnlyList<HourOfWeekSum>> WeekAsync(HistoryRange range, CancellationToken cancellation);

    /// <summary>The series that there are, with the span that they cover.</summary>
    /// <param name="space">The space.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">It cannot be asked now.</exception>
    Task<IReadOnlyList<HistorySeries>> SeriesAsync(string space, CancellationToken cancellation);

    /// <summary>How a device was, by instant.</summary>
    /// <param name="device">The device.</param>
    /// <param name="from">UTC, included.</param>
    /// <param name="to">UTC, excluded.</param>
    /// <param name="max">Most points.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">It cannot be asked now.</exception>
    Task<IReadOnlyList<HealthPoint>> HealthAsync(string device, DateTimeOffset from, DateTimeOffset to, int max, CancellationToken cancellation);

    /// <summary>How all devices were after an instant, by instant.</summary>
    /// <param name="after">UTC, excluded.</param>
    /// <param name="instants">Most instants; of each all points.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HistoryAwayException">It cannot be asked now.</exception>
    Task<IReadOnlyList<HealthPoint>> HealthAfterAsync(DateTimeOffset after, int instants, CancellationToken cancellation);

    /// <summary>Makes a file of points, by series and start.</summary>
    /// <param name="export">Which points, and how.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The file; null where it would have more points than asked for, so that nothing was made: ask for a shorter range.</returns>
    /// <exception cref="HistoryAwayException">It cannot be asked now.</exception>
    Task<HistoryFile?> ExportAsync(HistoryExport export, CancellationToken cancellation);
}

/// <summary>Which points are asked for.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Grid">The grid.</param>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, excluded.</param>
/// <param name="Max">Most points that are given; who needs to know of more asks for one more.</param>
public sealed record HistoryRange(string Space, string Series, HistoryGrid Grid, DateTimeOffset From, DateTimeOffset To, int Max);

/// <summary>The hours of one series that begin in one hour of the week, under one kind of noise.</summary>
/// <param name="HourOfWeek">0 (Monday 00:00) to 167, in the space's zone.</param>
/// <param name="Noisy">Sum of the numbers with their noise, over hours of which all cells have one.</param>
/// <param name="Hours">Those hours.</param>
/// <param name="Cells">Their cells.</param>
/// <param name="HoursMissing">Hours of which a cell has no number; they are in no sum.</param>
/// <param name="EpsilonMicro">What the group spent in a day, millionths.</param>
/// <param name="Sensitivity">How far one person could move the group's numbers of a day.</param>
/// <param name="Minutes">Length of the newest hour that begins in this hour of the week, minutes; all that are added up are the same piece of the day (<see cref="PieceLength"/>).</param>
public sealed record HourOfWeekSum(int HourOfWeek, long Noisy, int Hours, int Cells, int HoursMissing, long EpsilonMicro, long Sensitivity, int Minutes);

/// <summary>A series and the span that it covers.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="From">Start of the oldest point, UTC.</param>
/// <param name="To">End of the newest point, UTC.</param>
public sealed record HistorySeries(string Space, string Series, HistoryKind Kind, DateTimeOffset From, DateTimeOffset To);
