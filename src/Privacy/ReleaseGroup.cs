using System.Globalization;

namespace Monitoring.Privacy;

/// <summary>All series of one kind in a space: one plan, one sensitivity, one epsilon.</summary>
public sealed class ReleaseGroup
{
    /// <summary>A group.</summary>
    /// <param name="kind">What is counted.</param>
    /// <param name="epsilon">What the group spends in a day: once, however many series and cells it has.</param>
    /// <param name="sensitivity">How far one person can move its numbers in a day.</param>
    /// <param name="plan">How the day is cut.</param>
    /// <param name="series">Its series.</param>
    /// <param name="cellMax">What the space can physically hold or pass in one cell, 1 or more; what is counted beyond it is cut off before the draw.</param>
    /// <param name="typical">What the operator declares as typical for one of its shortest cells, or what earlier releases say; never taken from true counts. Null where nobody said.</param>
    public ReleaseGroup(ReleaseKind kind, Epsilon epsilon, Sensitivity sensitivity, ReleasePlan plan, SeriesMap series, long cellMax, long? typical = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epsilon.Micro, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sensitivity.Bound, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cellMax, int.MaxValue);
        (Kind, Epsilon, Sensitivity, Plan, Series, CellMax, Typical) = (kind, epsilon, sensitivity, plan, series, cellMax, typical);
    }

    /// <summary>What is counted.</summary>
    public ReleaseKind Kind { get; }

    /// <summary>What the group spends in a day.</summary>
    public Epsilon Epsilon { get; }

    /// <summary>How far one person can move its numbers in a day.</summary>
    public Sensitivity Sensitivity { get; }

    /// <summary>How the day is cut.</summary>
    public ReleasePlan Plan { get; }

    /// <summary>Its series.</summary>
    public SeriesMap Series { get; }

    /// <summary>Highest number of a cell before noise.</summary>
    public long CellMax { get; }

    /// <summary>What is typical for one of its shortest cells; null where nobody said.</summary>
    public long? Typical { get; }

    /// <summary>Cuts a count to what is possible. It never moves two counts further apart, so it costs no privacy.</summary>
    internal long Clamp(long count) => long.Clamp(count, 0, CellMax);

    /// <summary>The group in one line. Two groups that promise the same have the same line, and only they.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind}, {Epsilon.Micro} micro-epsilon, sensitivity {Sensitivity.Bound}, cells up to {CellMax}, plan {Plan}, series {Series}");
}

/// <summary>What the numbers of a group count.</summary>
public enum ReleaseKind
{
    /// <summary>Crossings of lines.</summary>
    Flow,

    /// <summary>Person-minutes: the sum, over the minutes of a cell, of one count per zone and minute.</summary>
    Presence,
}
