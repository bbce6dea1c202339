namespace Monitoring.Contracts.Intake;

/// <summary>A device that a connection of the site spoke for and the site does not know. It never holds a value of a message.</summary>
/// <param name="Id">The same for the same connection, topic and device, at every gateway and after a restart: 16 hex digits.</param>
/// <param name="Connection">The connection that spoke for it.</param>
/// <param name="Topic">Its topic, characters that do not show replaced.</param>
/// <param name="Device">The address by which topic or body names it; empty where neither does.</param>
/// <param name="FirstSeen">Beginning of the quarter of an hour in which the first message since the gateway started arrived, UTC.</param>
/// <param name="LastSeen">The same of the last one.</param>
/// <param name="Messages">Messages looked at are at least so many: of one gateway 1, <see cref="FewMessages"/> or <see cref="ManyMessages"/>. A closer count would tell when people pass.</param>
/// <param name="Form">What the message with most fields of that last quarter of an hour is as a whole: json, text, bytes, empty or too-large.</param>
/// <param name="Fields">Its paths and types.</param>
/// <param name="IsCut">Whether there was more to it.</param>
/// <param name="Sights">What the profiles of the site would read in it.</param>
[Immutable, GenerateSerializer, Alias("pending-device")]
public sealed record PendingDevice(
    [property: Id(0)] string Id,
    [property: Id(1)] string Connection,
    [property: Id(2)] string Topic,
    [property: Id(3)] string Device,
    [property: Id(4)] DateTimeOffset FirstSeen,
    [property: Id(5)] DateTimeOffset LastSeen,
    [property: Id(6)] long Messages,
    [property: Id(7)] string Form,
    [property: Id(8)] IReadOnlyList<PendingField> Fields,
    [property: Id(9)] bool IsCut,
    [property: Id(10)] IReadOnlyList<PendingSight> Sights)
{
    /// <summary>Least messages of a device that has sent a few.</summary>
    public const int FewMessages = 2;

    /// <summary>Least messages of a device that has sent many.</summary>
    public const int ManyMessages = 10;

    /// <summary>Times are told no closer than this.</summary>
    public static readonly TimeSpan TimeStep = TimeSpan.FromMinutes(15);
}

/// <summary>One path of a message and its type.</summary>
/// <param name="Path">Names joined by dots; <c>[]</c> for the items of a list.</param>
/// <param name="Type">JSON types found there.</param>
[Immutable, GenerateSerializer, Alias("pending-field")]
public sealed record PendingField([property: Id(0)] string Path, [property: Id(1)] string Type);

/// <summary>What a profile would read in a message.</summary>
/// <param name="Profile">Name of the profile.</param>
/// <param name="Address">The address that it finds.</param>
/// <param name="Channels">The channels that it would give.</param>
[Immutable, GenerateSerializer, Alias("pending-sight")]
public sealed record PendingSight([property: Id(0)] string Profile, [property: Id(1)] string Address, [property: Id(2)] IReadOnlyList<PendingChannel> Channels);

/// <summary>A channel that a profile would give.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Kind of its readings.</param>
[Immutable, GenerateSerializer, Alias("pending-channel")]
public sealed record PendingChannel([property: Id(0)] string Name, [property: Id(1)] string Kind);
