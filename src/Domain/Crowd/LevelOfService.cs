using System.Text.Json.Serialization;

namespace Monitoring.Domain.Crowd;

/// <summary>Fruin's level of service for walkways, from A (free) to F (crush conditions begin), or unknown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LevelOfService>))]
public enum LevelOfService
{
    /// <summary>Not known: no source is alive. Its own state, never shown as safe.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>Up to 0.31 people/m².</summary>
    A,

    /// <summary>Up to 0.43 people/m².</summary>
    B,

    /// <summary>Up to 0.72 people/m².</summary>
    C,

    /// <summary>Up to 1.08 people/m².</summary>
    D,

    /// <summary>Up to 2.15 people/m².</summary>
    E,

    /// <summary>Above 2.15 people/m².</summary>
    F,
}

/// <summary>The scale of levels of service.</summary>
/// <remarks>Fruin's walkway levels by area per person (35, 25, 15, 10, 5 ft²), turned into people per m² and rounded to 0.01.</remarks>
public static class FruinScale
{
    private static readonly (double UpTo, LevelOfService Level)[] Steps =
    [
        (0.31, LevelOfService.A), (0.43, LevelOfService.B), (0.72, LevelOfService.C), (1.08, LevelOfService.D), (2.15, LevelOfService.E),
    ];

    /// <summary>Level of a density; an upper bound belongs to the better level.</summary>
    /// <param name="densityPerM2">People per square metre, 0 or more.</param>
    public static LevelOfService Of(double densityPerM2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(densityPerM2);
        foreach (var (upTo, level) in Steps)
        {
            if (densityPerM2 <= upTo)
                return level;
        }

        return LevelOfService.F;
    }

    /// <summary>Rank for "worst first": F, E, unknown, D, C, B, A as 6 down to 0.</summary>
    /// <param name="level">The level.</param>
    public static int Severity(this LevelOfService level) => level switch
    {
        LevelOfService.F => 6,
        LevelOfService.E => 5,
        LevelOfService.Unknown => 4,
        LevelOfService.D => 3,
        LevelOfService.C => 2,
        LevelOfService.B => 1,
        _ => 0,
    };

    /// <summary>The worse of two levels.</summary>
    /// <param name="a">One level.</param>
    /// <param name="b">Another.</param>
    public static LevelOfService Worse(LevelOfService a, LevelOfService b) => a.Severity() >= b.Severity() ? a : b;
}
