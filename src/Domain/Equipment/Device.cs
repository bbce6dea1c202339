using System.Text.Json.Serialization;

namespace Monitoring.Domain.Equipment;

/// <summary>A piece of equipment of one space, as the site describes it.</summary>
/// <param name="Id">Id, unique in the site.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Profile">Name of the profile that maps its messages.</param>
/// <param name="Purpose">Whether the control room sees it.</param>
/// <param name="Interval">Expected time between two signs of life, 1 s to 24 h. A channel is alive for twice as long after its last sign.</param>
/// <param name="Channels">Its channels.</param>
public sealed record Device(string Id, string Name, DeviceKind Kind, string Profile, DevicePurpose Purpose, TimeSpan Interval, IReadOnlyList<DeviceChannel> Channels)
{
    /// <summary>The name by which the device goes in its messages and topics: a serial number, a LoRaWAN devEui. The id where the site gives none.</summary>
    public string Address { get; init; } = Id;

    /// <summary>After this no count means zero, as its profile says of a device that never vouches; null for one that sends heartbeats.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Values for the parameters of its profile.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>One channel of a device and what it observes.</summary>
/// <param name="Name">Name as it stands in messages.</param>
/// <param name="Observes">What its readings are about.</param>
/// <param name="Subject">Id of the line or zone; empty for the device itself.</param>
public sealed record DeviceChannel(string Name, ChannelSubject Observes, string Subject)
{
    /// <summary>Whether people in a zone are told only when their number changes, as the site says, or else the profile. Nothing is released of such a channel: whether a cell had a number would depend on people.</summary>
    public bool OnChange { get; init; }
}

/// <summary>What a channel observes.</summary>
public enum ChannelSubject
{
    /// <summary>The device itself: position, health, noise, events.</summary>
    Itself,

    /// <summary>Passages over a counting line.</summary>
    Passages,

    /// <summary>People in a zone, absolutely.</summary>
    People,
}

/// <summary>Kinds of equipment that pilots use.</summary>
[JsonConverter(typeof(KebabCaseConverter<DeviceKind>))]
public enum DeviceKind
{
    /// <summary>Counts people over a line.</summary>
    Counter,

    /// <summary>A camera whose only output here is counts.</summary>
    CountingCamera,

    /// <summary>A retractable bollard.</summary>
    Bollard,

    /// <summary>A barrier with a position sensor.</summary>
    Barrier,

    /// <summary>A sound level meter.</summary>
    NoiseMeter,
}

/// <summary>What a device's readings may be used for.</summary>
[JsonConverter(typeof(KebabCaseConverter<DevicePurpose>))]
public enum DevicePurpose
{
    /// <summary>Control room and statistics.</summary>
    Live,

    /// <summary>Statistics only: the control room does not see it.</summary>
    Statistics,
}
