using System.Text.Json.Serialization;

namespace Monitoring.Domain.Privacy;

/// <summary>What the site says about the releases of a space. What it promises follows in <c>Monitoring.Privacy</c>.</summary>
/// <param name="Class">What kind of place it is.</param>
/// <param name="Plan">How the day is cut.</param>
/// <param name="NightBlock">Whether the hours from 00:00 to 06:00 are one cell.</param>
/// <param name="EpsilonMicro">What the space may spend in a day, millionths of epsilon: 1 to 3,000,000.</param>
/// <param name="Crossings">Bound C: line crossings of one person in a day, 1 to 10,000.</param>
/// <param name="TypicalPerHour">Passages over one line in one direction in a typical hour, as the operator declares it; null where nobody said. Never taken from true counts.</param>
/// <param name="Line">Line of the document in which the rules stand, for messages; 0 where they are the defaults.</param>
public sealed record ReleaseRules(PlaceClass Class, CellLength Plan, bool NightBlock, int EpsilonMicro, int Crossings, int? TypicalPerHour, [property: JsonIgnore] int Line = 0)
{
    /// <summary>Default of <see cref="EpsilonMicro"/>: an epsilon of 1.</summary>
    public const int EpsilonMicroDefault = 1_000_000;

    /// <summary>Highest <see cref="EpsilonMicro"/>.</summary>
    public const int EpsilonMicroMax = 3_000_000;

    /// <summary>Highest <see cref="Crossings"/>.</summary>
    public const int CrossingsMax = 10_000;

    /// <summary>Whether head counts of zones are released beside passages; null where they are not. Each then gets half of the epsilon.</summary>
    public PresenceRules? Presence { get; init; }

    /// <summary>Default of <see cref="Crossings"/>: two visits, in and out, and over two inner lines where there are several zones.</summary>
    /// <param name="zones">Number of zones.</param>
    public static int CrossingsDefault(int zones) => zones > 1 ? 8 : 4;

    /// <summary>The rules of a space of which the site says nothing.</summary>
    /// <param name="zones">Number of its zones.</param>
    public static ReleaseRules Default(int zones) => new(PlaceClass.Open, CellLength.P60, NightBlock: true, EpsilonMicroDefault, CrossingsDefault(zones), null);
}

/// <summary>What the site says about releasing how many people are in its zones.</summary>
/// <param name="Minutes">Bound M: minutes in which one person is counted in a day, 1 to 10,000.</param>
/// <param name="TypicalPeople">People in one zone on average in a typical cell, as the operator declares it; null where nobody said. Never taken from true counts.</param>
public sealed record PresenceRules(int Minutes, int? TypicalPeople)
{
    /// <summary>Default of <see cref="Minutes"/>: four hours.</summary>
    public const int MinutesDefault = 240;

    /// <summary>Highest <see cref="Minutes"/>.</summary>
    public const int MinutesMax = 10_000;

    /// <summary>A device that counts less often does not give a sample for each minute.</summary>
    public static readonly TimeSpan IntervalMax = TimeSpan.FromMinutes(1);
}

/// <summary>What kind of place a space is, for what is released of it.</summary>
[JsonConverter(typeof(KebabCaseConverter<PlaceClass>))]
public enum PlaceClass
{
    /// <summary>A square, a street, a station.</summary>
    Open,

    /// <summary>A place of worship, a clinic, a shelter, a residential door: whole days only, and a higher threshold.</summary>
    Sensitive,

    /// <summary>Live only; nothing is released.</summary>
    Closed,
}

/// <summary>How the day of a space is cut.</summary>
public enum CellLength
{
    /// <summary>Five minutes, for announced events.</summary>
    P5,

    /// <summary>A quarter of an hour.</summary>
    P15,

    /// <summary>An hour.</summary>
    P60,

    /// <summary>Parts of the day, cut at 06, 10, 16 and 20 o'clock.</summary>
    Parts,

    /// <summary>The whole day.</summary>
    Day,
}
