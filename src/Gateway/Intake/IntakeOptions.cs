using System.ComponentModel.DataAnnotations;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Gateway.Intake;

/// <summary>Limits of equipment intake. Section <c>Gateway:Intake</c>.</summary>
public sealed class IntakeOptions
{
    /// <summary>Largest first packet (CONNECT), bytes, 64 to 65,536; over it the connection ends. Default 4,096.</summary>
    [Range(64, 65_536)]
    public int ConnectBytesMax { get; set; } = 4_096;

    /// <summary>Time in which the first packet has to be complete, seconds, 1 to 60; then the connection ends. Default 5.</summary>
    [Range(1, 60)]
    public int FirstPacketSeconds { get; set; } = 5;

    /// <summary>Largest packet after sign-in, bytes, 1,024 to 1,048,576; a larger one ends the connection before it is read. Default 262,144.</summary>
    [Range(1_024, 1_048_576)]
    public int PacketBytesMax { get; set; } = 262_144;

    /// <summary>Longest topic, UTF-8 bytes, 16 to 256; a longer one is refused as topic-invalid. Default 256.</summary>
    [Range(16, TopicName.BytesMax)]
    public int TopicBytesMax { get; set; } = TopicName.BytesMax;

    /// <summary>Most levels of a topic, 1 to 16; one with more is refused as topic-invalid. Default 16.</summary>
    [Range(1, TopicName.LevelsMax)]
    public int TopicLevelsMax { get; set; } = TopicName.LevelsMax;

    /// <summary>Largest message body, bytes, 64 to 262,144, where its profile allows more; a larger one is refused as too-large. Default 262,144.</summary>
    [Range(64, ProfileLimits.BytesMax)]
    public int PayloadBytesMax { get; set; } = ProfileLimits.BytesMax;

    /// <summary>Most readings of one message, 1 to 500, where its profile allows more; a message with more is refused as too-large. Default 500.</summary>
    [Range(1, ProfileLimits.ReadingsMax)]
    public int ReadingsMax { get; set; } = ProfileLimits.ReadingsMax;

    /// <summary>Deepest nesting of a message, 1 to 32, where its profile allows more; a deeper one is refused as payload-format. Default 32.</summary>
    [Range(1, ProfileLimits.DepthMax)]
    public int JsonDepthMax { get; set; } = ProfileLimits.DepthMax;

    /// <summary>Most items of lists and objects that are looked at in one message, 1 to 20,000, where its profile allows more; a message with more is refused as too-large. Default 20,000.</summary>
    [Range(1, ProfileLimits.ElementsMax)]
    public int JsonElementsMax { get; set; } = ProfileLimits.ElementsMax;

    /// <summary>Most replies that may wait on one connection, 16 to 65,535; the next message closes it. Announced as Receive Maximum. Default 1,024.</summary>
    [Range(16, 65_535)]
    public int UnsentRepliesMax { get; set; } = 1_024;

    /// <summary>Messages per second of one device that are taken for as long as it likes, 1 to 1,000,000; more are refused as rate-exceeded. Not on a replay clock. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int DeviceMessagesPerSecondMax { get; set; } = 1_000;

    /// <summary>Messages of one device that are taken at once, after a silence: what it kept while its link was away. 1 to 1,000,000. Default 5,000.</summary>
    [Range(1, 1_000_000)]
    public int DeviceMessagesAtOnceMax { get; set; } = 5_000;

    /// <summary>Messages refused on a connection that cannot be told so (3.1.1 or quality of service 0) before it is closed, 1 to 10,000. Default 10.</summary>
    [Range(1, 10_000)]
    public int RefusedPerConnectionMax { get; set; } = 10;

    /// <summary>Refused messages remembered for the list, 1 to 10,000; the oldest is forgotten. Default 200.</summary>
    [Range(1, 10_000)]
    public int RejectedListMax { get; set; } = 200;

    /// <summary>Unknown devices remembered, 1 to 2,000. At the limit the connection with a new one loses that of its own which was silent for longest; where it has none, the connection with most does. Default 200.</summary>
    [Range(1, 2_000)]
    public int PendingDevicesMax { get; set; } = 200;

    /// <summary>Unknown devices remembered of one connection, 1 to 1,000; the one silent for longest is forgotten for a new one. Default 20.</summary>
    [Range(1, 1_000)]
    public int PendingDevicesPerConnectionMax { get; set; } = 20;

    /// <summary>Longest keep-alive, seconds, 10 to 65,535; MQTT 5 clients are told. Default 600.</summary>
    [Range(10, 65_535)]
    public int KeepAliveSecondsMax { get; set; } = 600;

    /// <summary>A profile whose messages keep to these limits too: of each two the lesser counts.</summary>
    /// <param name="profile">The profile.</param>
    internal EquipmentProfile Limit(EquipmentProfile profile) => profile.With(profile.Limits with
    {
        Bytes = Math.Min(profile.Limits.Bytes, PayloadBytesMax),
        Readings = Math.Min(profile.Limits.Readings, ReadingsMax),
        Depth = Math.Min(profile.Limits.Depth, JsonDepthMax),
        Elements = Math.Min(profile.Limits.Elements, JsonElementsMax),
    });
}

/// <summary>Limits of the ingest journal. Section <c>Gateway:Journal</c>.</summary>
public sealed class JournalOptions
{
    /// <summary>Most messages that may wait for the next commit, 16 to 1,000,000; more are refused as cannot-keep. Default 16,384.</summary>
    [Range(16, 1_000_000)]
    public int QueueMax { get; set; } = 16_384;

    /// <summary>Most bytes of messages that may wait for the next commit, 1 MiB to 4 GiB; more are refused as cannot-keep. Default 64 MiB.</summary>
    [Range(1_048_576L, 4_294_967_296L)]
    public long QueueBytesMax { get; set; } = 64L * 1024 * 1024;

    /// <summary>Size of the journal's used pages over which messages are refused as cannot-keep, bytes, 1 MiB to 1 TiB. Default 4 GiB.</summary>
    [Range(1_048_576L, 1_099_511_627_776L)]
    public long BytesMax { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>How old a message in the journal may become while no space saves it, minutes, 10 to 360; then its counts are overwritten and it is set aside as expired. An alarm comes at half of it. Default 360.</summary>
    [Range(10, AcceptedMessage.KeptMinutesMax)]
    public int AgeMinutesMax { get; set; } = AcceptedMessage.KeptMinutesMax;

    /// <summary>Time between truncations of the write-ahead log, minutes, 1 to 60. Deleted readings are off the disk after it. Default 5.</summary>
    [Range(1, 60)]
    public int CheckpointMinutes { get; set; } = 5;
}

/// <summary>Limits of the way to the spaces. Section <c>Gateway:Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    /// <summary>Most messages of one space kept in memory, 512 to 1,000,000; what is over is read from the journal later. Default 4,096.</summary>
    [Range(512, 1_000_000)]
    public int LanePendingMax { get; set; } = 4_096;

    /// <summary>Most messages of all spaces kept in memory, 512 to 10,000,000; what is over is read from the journal later. Default 65,536.</summary>
    [Range(512, 10_000_000)]
    public int PendingMax { get; set; } = 65_536;

    /// <summary>Most bytes of messages of all spaces kept in memory, 1 MiB to 4 GiB; what is over is read from the journal later. Default 128 MiB.</summary>
    [Range(1_048_576L, 4_294_967_296L)]
    public long PendingBytesMax { get; set; } = 128L * 1024 * 1024;
}
