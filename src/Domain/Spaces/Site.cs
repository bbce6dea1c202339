using Monitoring.Domain.Alarms;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Privacy;

namespace Monitoring.Domain.Spaces;

/// <summary>One city's (or operator's) public spaces and the equipment in them, as one versioned document describes them.</summary>
/// <param name="Id">Id of the site.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Spaces">The public spaces.</param>
/// <param name="Connections">The MQTT principals.</param>
public sealed record Site(string Id, string Name, IReadOnlyList<PublicSpace> Spaces, IReadOnlyList<Connection> Connections);

/// <summary>A public space.</summary>
/// <param name="Id">Id, unique in the site.</param>
/// <param name="Name">Name for people.</param>
/// <param name="City">City it lies in.</param>
/// <param name="TimeZone">Its time zone: local days begin and end by it.</param>
/// <param name="Outline">Outline; empty where the site gives none.</param>
/// <param name="Zones">Its zones, at least one.</param>
/// <param name="Lines">Its counting lines.</param>
/// <param name="BarrierLines">Its barrier lines.</param>
/// <param name="Devices">The equipment in it.</param>
/// <param name="Thresholds">Alert thresholds.</param>
public sealed record PublicSpace(
    string Id,
    string Name,
    string City,
    TimeZoneInfo TimeZone,
    IReadOnlyList<GeoPoint> Outline,
    IReadOnlyList<Zone> Zones,
    IReadOnlyList<CountingLine> Lines,
    IReadOnlyList<BarrierLine> BarrierLines,
    IReadOnlyList<Device> Devices,
    IReadOnlyList<Threshold> Thresholds)
{
    /// <summary>What is released of it.</summary>
    public ReleaseRules Release { get; init; } = ReleaseRules.Default(Zones.Count);

    /// <summary>What its public notice says and the hub cannot know.</summary>
    public SpaceNotice Notice { get; init; } = new();

    /// <summary>Whether a rule can have a subject here: a zone for density, a line for flow.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="subject">Id of the zone or line.</param>
    public bool HasSubject(string rule, string subject) => rule == AlarmRule.Density ? Zones.Any(zone => zone.Id == subject) : rule == AlarmRule.Flow && Lines.Any(line => line.Id == subject);
}

/// <summary>A place on the map.</summary>
/// <param name="Longitude">Degrees east, WGS 84.</param>
/// <param name="Latitude">Degrees north, WGS 84.</param>
public readonly record struct GeoPoint(double Longitude, double Latitude);

/// <summary>A part of a space whose people are counted together.</summary>
/// <param name="Id">Id, unique among the zones of the space.</param>
/// <param name="Name">Name for people.</param>
/// <param name="AreaM2">Walkable area in square metres, at least 4; from the survey, not from the outline.</param>
/// <param name="Capacity">Most people allowed, 1 or more.</param>
/// <param name="Outline">Outline; empty where the site gives none.</param>
public sealed record Zone(string Id, string Name, double AreaM2, int Capacity, IReadOnlyList<GeoPoint> Outline);

/// <summary>A counting line: one physical stream each way.</summary>
/// <param name="Id">Id, unique among the lines of the space.</param>
/// <param name="Name">Name for people.</param>
/// <param name="WidthM">Width of the passage in metres, over 0.</param>
/// <param name="From">Zone that inward passages leave, or <see cref="Outside"/>.</param>
/// <param name="To">Zone that inward passages enter, or <see cref="Outside"/>.</param>
/// <param name="Path">Its two ends; empty where the site gives none.</param>
public sealed record CountingLine(string Id, string Name, double WidthM, string From, string To, IReadOnlyList<GeoPoint> Path)
{
    /// <summary>The name of what is not in any zone.</summary>
    public const string Outside = "outside";
}

/// <summary>An ordered set of elements that together close one edge of a space.</summary>
/// <param name="Id">Id, unique among the barrier lines of the space.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Elements">Its elements in order, at least one.</param>
public sealed record BarrierLine(string Id, string Name, IReadOnlyList<BarrierElement> Elements);

/// <summary>One element of a barrier line.</summary>
/// <param name="Id">Id, unique in the line.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Device">Device that reports its position; null for an element without telemetry.</param>
/// <param name="Channel">The device's channel for it; null for an element without telemetry.</param>
/// <param name="Path">Its place; empty where the site gives none.</param>
public sealed record BarrierElement(string Id, string Name, string? Device, string? Channel, IReadOnlyList<GeoPoint> Path);

/// <summary>An MQTT principal: a device, or a gateway that speaks for many.</summary>
/// <param name="Name">User name it signs in with.</param>
/// <param name="Topics">Topics it may publish to, exactly; no wildcards.</param>
public sealed record Connection(string Name, IReadOnlyList<string> Topics);
