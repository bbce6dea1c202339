using System.Text.Json.Serialization;

namespace Monitoring.Domain.Intake;

/// <summary>One normalised observation of one channel of a device.</summary>
/// <param name="Channel">Channel name as the site lists it; empty for the device as a whole.</param>
/// <param name="Time">UTC instant of the observation, or the end of the interval it covers.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CountReading), "count")]
[JsonDerivedType(typeof(TotalReading), "total")]
[JsonDerivedType(typeof(OccupancyReading), "occupancy")]
[JsonDerivedType(typeof(DensityReading), "density")]
[JsonDerivedType(typeof(PositionReading), "position")]
[JsonDerivedType(typeof(HealthReading), "health")]
[JsonDerivedType(typeof(NoiseReading), "noise")]
[JsonDerivedType(typeof(EventReading), "event")]
public abstract record Reading(string Channel, DateTimeOffset Time);

/// <summary>People who crossed a line: new passages since <paramref name="From"/>, or one event.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC end of the interval, excluded; or the instant of the event.</param>
/// <param name="In">Passages inward, 0 to <see cref="ReadingLimits.CountMax"/>.</param>
/// <param name="Out">Passages outward, 0 to <see cref="ReadingLimits.CountMax"/>.</param>
/// <param name="From">UTC start of the interval, included; null for an event.</param>
public sealed record CountReading(string Channel, DateTimeOffset Time, int In, int Out, DateTimeOffset? From) : Reading(Channel, Time);

/// <summary>Cumulative passages since the device was installed or reset.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC instant of the reading.</param>
/// <param name="In">Passages inward, 0 or more.</param>
/// <param name="Out">Passages outward, 0 or more.</param>
/// <param name="Modulus">The counter goes back to 0 when it would reach this; null where it is not known.</param>
public sealed record TotalReading(string Channel, DateTimeOffset Time, long In, long Out, long? Modulus) : Reading(Channel, Time);

/// <summary>People present in a zone, seen at once.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC instant of the observation.</param>
/// <param name="People">Head count, 0 to <see cref="ReadingLimits.PeopleMax"/>.</param>
public sealed record OccupancyReading(string Channel, DateTimeOffset Time, int People) : Reading(Channel, Time);

/// <summary>Crowd density of a zone, measured by the device.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC instant of the observation.</param>
/// <param name="PerM2">People per square metre, 0 to <see cref="ReadingLimits.DensityPerM2Max"/>.</param>
public sealed record DensityReading(string Channel, DateTimeOffset Time, double PerM2) : Reading(Channel, Time);

/// <summary>Where a bollard or barrier stands.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC instant of the observation.</param>
/// <param name="Position">The position reported.</param>
public sealed record PositionReading(string Channel, DateTimeOffset Time, ElementPosition Position) : Reading(Channel, Time);

/// <summary>Health values of a device.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC instant of the observation.</param>
/// <param name="Values">Finite numbers by name with the unit last: <c>batteryPercent</c>, <c>temperatureC</c>.</param>
public sealed record HealthReading(string Channel, DateTimeOffset Time, IReadOnlyDictionary<string, double> Values) : Reading(Channel, Time);

/// <summary>Equivalent continuous sound level.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC instant of the observation.</param>
/// <param name="LaeqDb">A-weighted level in dB, <see cref="ReadingLimits.NoiseDbMin"/> to <see cref="ReadingLimits.NoiseDbMax"/>.</param>
public sealed record NoiseReading(string Channel, DateTimeOffset Time, double LaeqDb) : Reading(Channel, Time);

/// <summary>Something a device reports of itself.</summary>
/// <param name="Channel">Channel name.</param>
/// <param name="Time">UTC instant of the event.</param>
/// <param name="Type">Type named by the profile, such as <c>read-error</c>.</param>
/// <param name="Code">The device's code, if it gives one.</param>
public sealed record EventReading(string Channel, DateTimeOffset Time, string Type, int? Code) : Reading(Channel, Time);

/// <summary>Position of a retractable element.</summary>
[JsonConverter(typeof(KebabCaseConverter<ElementPosition>))]
public enum ElementPosition
{
    /// <summary>The device says that it does not know.</summary>
    Unknown,

    /// <summary>Up: closes its part of the line.</summary>
    Raised,

    /// <summary>Down: lets vehicles pass.</summary>
    Lowered,

    /// <summary>Between the two.</summary>
    Moving,

    /// <summary>Reported as faulty.</summary>
    Fault,
}

/// <summary>Ranges outside of which a reading is refused as impossible.</summary>
public static class ReadingLimits
{
    /// <summary>Most passages in one count and direction. A 20 m gate at 109 people/min/m (open-air egress figure of the field) passes 130,800 in an hour.</summary>
    public const int CountMax = 1_000_000;

    /// <summary>Largest head count of one zone.</summary>
    public const int PeopleMax = 1_000_000;

    /// <summary>Largest cumulative counter value, 2^53 - 1: the largest whole number that every JSON reader keeps exactly.</summary>
    public const long TotalMax = 9_007_199_254_740_991;

    /// <summary>Highest density believed, people per square metre. Measured crushes reach about 10.</summary>
    public const double DensityPerM2Max = 20;

    /// <summary>Lowest sound level believed, dB(A).</summary>
    public const double NoiseDbMin = 0;

    /// <summary>Highest sound level believed, dB(A).</summary>
    public const double NoiseDbMax = 160;

    /// <summary>Longest interval that one count may cover.</summary>
    public static readonly TimeSpan IntervalMax = TimeSpan.FromHours(24);
}
