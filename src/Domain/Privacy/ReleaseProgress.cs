using System.Text.Json.Serialization;

namespace Monitoring.Domain.Privacy;

/// <summary>How far the releases of a space are: which terms its days have, and what is sealed and waits for its release.</summary>
public sealed class ReleaseProgress
{
    /// <summary>Terms by local day, as they were when the day began; a day is dropped when all of it is released.</summary>
    public Dictionary<DateOnly, DayTerms> Days { get; init; } = [];

    /// <summary>Newest day that has its terms; null before the first.</summary>
    public DateOnly? DaysTo { get; set; }

    /// <summary>Sealed cells in the order in which they were sealed; each goes when its release is stored.</summary>
    public List<SealedCount> Sealed { get; init; } = [];

    /// <summary>Number of the newest sealed cell.</summary>
    public long LastSealed { get; set; }
}

/// <summary>What holds for the releases of one local day, whatever the site says later on that day.</summary>
/// <param name="Version">Version of the site from which it was taken.</param>
/// <param name="TimeZone">The space's time zone, IANA name.</param>
/// <param name="Rules">The rules.</param>
/// <param name="Lines">The lines that are released; none where the space is closed.</param>
public sealed record DayTerms(int Version, string TimeZone, ReleaseRules Rules, IReadOnlyList<ReleasedLine> Lines)
{
    /// <summary>The zones whose presence is released.</summary>
    public IReadOnlyList<ReleasedZone> Zones { get; init; } = [];
}

/// <summary>A line that is released: each direction is a series.</summary>
/// <param name="Line">Id of the line.</param>
/// <param name="Device">Id of the device that counts it.</param>
/// <param name="Stream">Identity of hardware and channel; the directions are told apart behind it.</param>
public sealed record ReleasedLine(string Line, string Device, string Stream)
{
    /// <summary>After this no count means zero, for a device that never vouches; null for one that sends heartbeats.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Series of passages inward.</summary>
    [JsonIgnore]
    public string SeriesIn => In(Line);

    /// <summary>Series of passages outward.</summary>
    [JsonIgnore]
    public string SeriesOut => Out(Line);

    /// <summary>Series of passages inward over a line.</summary>
    public static string In(string line) => $"{line}-in";

    /// <summary>Series of passages outward over a line.</summary>
    public static string Out(string line) => $"{line}-out";
}

/// <summary>A zone whose presence is released: one series.</summary>
/// <param name="Zone">Id of the zone.</param>
/// <param name="Device">Id of the device that counts the people in it, the first that the site lists.</param>
/// <param name="Stream">Identity of hardware and channel.</param>
public sealed record ReleasedZone(string Zone, string Device, string Stream)
{
    /// <summary>Series of person-minutes.</summary>
    [JsonIgnore]
    public string Series => Of(Zone);

    /// <summary>Series of person-minutes in a zone.</summary>
    public static string Of(string zone) => $"{zone}-presence";
}

/// <summary>The true number of one cell of one series, between its sealing and its release.</summary>
/// <param name="Number">Its place in the order of sealing.</param>
/// <param name="Day">Local day of the cell.</param>
/// <param name="Series">The series.</param>
/// <param name="From">UTC start of the cell.</param>
/// <param name="To">UTC end of the cell, excluded.</param>
/// <param name="Count">The true number, 0 or more; 0 where no source vouches for the whole cell.</param>
/// <param name="Alive">How many sources vouch for the whole cell.</param>
/// <param name="Total">Sources of the series.</param>
/// <param name="Unconfirmed">Whether the source never vouches, so that its zero may be an outage.</param>
public sealed record SealedCount(long Number, DateOnly Day, string Series, DateTimeOffset From, DateTimeOffset To, long Count, int Alive, int Total, bool Unconfirmed = false);
