namespace Monitoring.Privacy;

/// <summary>One number for one series and cell, or why there is none. Once it is stored it never changes, but that it may be withdrawn.</summary>
/// <param name="Key">Space, series and start of the cell: unique in the store.</param>
/// <param name="To">UTC end of the cell, excluded.</param>
/// <param name="Day">The day in the space's zone.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="TermsVersion">Version of the terms.</param>
/// <param name="Epsilon">What its group spends on that day.</param>
/// <param name="Sensitivity">How far one person can move the group's numbers of that day.</param>
/// <param name="Coverage">How many of its sources were alive.</param>
/// <param name="Value">True number plus noise, signed: negative numbers are right, and cutting them off would make every sum too high. Null where there is none.</param>
/// <param name="Reason">One of <see cref="ReleaseReason"/> where there is no value; otherwise null.</param>
public sealed record Released(
    CellKey Key, DateTimeOffset To, DateOnly Day, ReleaseKind Kind, int TermsVersion, Epsilon Epsilon, Sensitivity Sensitivity, CellCoverage Coverage, long? Value, string? Reason)
{
    /// <summary>The same without its number, for a number that was wrong. What was spent stays spent, and nothing is drawn in its place.</summary>
    public Released Withdrawn() => this with { Value = null, Reason = ReleaseReason.Withdrawn };
}

/// <summary>What a released number is known by.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="From">UTC start of the cell.</param>
public readonly record struct CellKey(string Space, string Series, DateTimeOffset From);

/// <summary>How many sources of a cell were alive to its end. Known from heartbeats and schedules alone, never from counts: otherwise it would tell what the noise hides.</summary>
/// <param name="Alive">Sources that reached the end of the cell, 0 or more; with none the cell has no number.</param>
/// <param name="Total">Sources of the series.</param>
/// <param name="Unconfirmed">Whether a source without a heartbeat is among them, so that its silence may be an outage. A property of the source: the same for a full cell and an empty one.</param>
public readonly record struct CellCoverage(int Alive, int Total, bool Unconfirmed = false);

/// <summary>A cell that nothing is added to any more.</summary>
/// <param name="Series">The series.</param>
/// <param name="Cell">One of its cells on the day.</param>
/// <param name="Count">The true number.</param>
/// <param name="Coverage">How many of its sources were alive.</param>
public sealed record SealedCell(string Series, Cell Cell, long Count, CellCoverage Coverage);

/// <summary>Why there is no number. Fixed words: a reason must not tell what the number would have.</summary>
public static class ReleaseReason
{
    /// <summary>No source was alive.</summary>
    public const string NoData = "no-data";

    /// <summary>The space's budget of the day is spent.</summary>
    public const string BudgetSpent = "budget-spent";

    /// <summary>The terms changed during the day; the new ones hold from the next midnight.</summary>
    public const string TermsChanged = "terms-changed";

    /// <summary>A stream was charged to another group or space on the same day.</summary>
    public const string StreamElsewhere = "stream-elsewhere";

    /// <summary>What is shown for the three above.</summary>
    public const string Refused = "refused";

    /// <summary>The book was put back to an older state, and a number may be out that it does not know.</summary>
    public const string Restored = "restored";

    /// <summary>The number was withdrawn.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The noise is too large beside the number for it to mean anything.</summary>
    public const string Suppressed = "suppressed";
}
