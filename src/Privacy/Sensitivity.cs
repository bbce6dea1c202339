namespace Monitoring.Privacy;

/// <summary>
/// How far one person can move the numbers of one group within one day: the sum, over all its series and cells, of the differences
/// between a day with that person and the same day without.
/// </summary>
/// <remarks>
/// It is a declared bound, not a measured one: measuring it would mean following people. It does not grow with the number of lines, zones
/// or cells, because each event falls in exactly one cell of one series. Who exceeds it m-fold is protected by m times the epsilon.
/// </remarks>
public readonly record struct Sensitivity
{
    /// <summary>Largest bound.</summary>
    public const long Max = 10_000;

    /// <summary>Crossings of one person in a day where a space has one zone: two visits, in and out.</summary>
    public static readonly Sensitivity FlowDefault = Flow(visits: 2, innerLines: 0);

    /// <summary>Minutes of presence of one person in a day, zones apart from each other.</summary>
    public static readonly Sensitivity PresenceDefault = Presence(minutes: 240);

    /// <summary>A bound.</summary>
    /// <param name="bound">1 to <see cref="Max"/>, in the unit of the group: crossings, or person-minutes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public Sensitivity(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bound, Max);
        Bound = bound;
    }

    /// <summary>The bound, in crossings or person-minutes.</summary>
    public long Bound { get; }

    /// <summary>Bound C of crossings: each visit goes in, out, and over inner lines.</summary>
    /// <param name="visits">Visits of one person to the space in a day, 1 or more.</param>
    /// <param name="innerLines">Lines between zones of the space that one visit crosses, 0 or more; usually 2 where there are several zones.</param>
    public static Sensitivity Flow(int visits, int innerLines) => new((long)visits * (2 + (long)innerLines));

    /// <summary>Bound M of presence, in minute samples that count the person.</summary>
    /// <param name="minutes">Minute samples of one zone that count one person in a day, 1 or more.</param>
    /// <param name="overlap">In how many zones one person can be counted in the same minute, 1 or more; 1 where zones are apart from each other.</param>
    public static Sensitivity Presence(int minutes, int overlap = 1) => new((long)minutes * overlap);
}
