using System.Text.Json;
using System.Text.Unicode;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>How one kind of equipment speaks: turns its messages into readings. Compiled once; constant memory, no loops but over the message.</summary>
/// <remarks>What a rule does not name does not pass. A profile can come from anybody: it cannot run code, wait, or look anywhere but into the message.</remarks>
public sealed class EquipmentProfile
{
    /// <summary>Longest <see cref="Lag"/>: no cell is open for longer.</summary>
    public static readonly TimeSpan LagMax = TimeSpan.FromHours(6);

    private readonly JsonDocumentOptions _json;

    internal EquipmentProfile(string name, int version, ProfileLimits limits, ProfileParts parts)
    {
        Name = name;
        Version = version;
        Limits = limits;
        Parts = parts;
        _json = new JsonDocumentOptions { MaxDepth = limits.Depth, AllowDuplicateProperties = false };
    }

    /// <summary>Name of the profile.</summary>
    public string Name { get; }

    /// <summary>Version of the profile, stored with every message that it maps.</summary>
    public int Version { get; }

    /// <summary>Topics of its messages; null where the installer chooses them and each device says its own in the parameter <c>topic</c>.</summary>
    public TopicPattern? Topic => Parts.Topic;

    /// <summary>Limits on a message.</summary>
    public ProfileLimits Limits { get; }

    /// <summary>After this no count means zero, where the equipment sends nothing that vouches; null where heartbeats do, or where nobody can say.</summary>
    public TimeSpan? Lag => Parts.Lag;

    /// <summary>Whether head counts are sent only when they change, where the site does not say otherwise.</summary>
    public bool OnChange => Parts.OnChange;

    /// <summary>What a device may or must say in its <c>parameters</c>.</summary>
    public ProfileParameters Parameters => Parts.Parameters;

    /// <summary>Whether readings of channels that the site does not list are dropped; otherwise they refuse the message.</summary>
    public bool DropsUnlistedChannels => Parts.DropsUnlistedChannels;

    /// <summary>Samples that were run when the profile was read.</summary>
    public int FixtureCount => Parts.FixtureCount;

    internal ProfileParts Parts { get; }

    /// <summary>The same profile with other limits.</summary>
    /// <param name="limits">The limits.</param>
    public EquipmentProfile With(ProfileLimits limits) => limits == Limits ? this : new EquipmentProfile(Name, Version, limits, Parts);

    /// <summary>Maps one message of a known device.</summary>
    /// <param name="device">Device id.</param>
    /// <param name="payload">The message body.</param>
    /// <param name="arrivedAt">Arrival at the gateway.</param>
    /// <param name="window">Stamps that are believed; null for what the profile says.</param>
    /// <param name="retained">Whether it was published with the retain flag.</param>
    public MapOutcome Map(string device, ReadOnlyMemory<byte> payload, DateTimeOffset arrivedAt, DeviceClockWindow? window, bool retained) =>
        Map(MessageOrigin.Anyone(new Dictionary<string, string> { [TopicPattern.DeviceSegment] = device }), payload, arrivedAt, window, retained);

    /// <summary>Maps one message.</summary>
    /// <param name="origin">Where it came from.</param>
    /// <param name="payload">The message body.</param>
    /// <param name="arrivedAt">Arrival at the gateway.</param>
    /// <param name="window">Stamps that are believed; null for what the profile says.</param>
    /// <param name="retained">Whether it was published with the retain flag.</param>
    public MapOutcome Map(MessageOrigin origin, ReadOnlyMemory<byte> payload, DateTimeOffset arrivedAt, DeviceClockWindow? window, bool retained)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (payload.Length > Limits.Bytes)
            return MapOutcome.Refused(new Refusal(RefusalReason.TooLarge, $"the payload is {payload.Length} bytes; at most {Limits.Bytes} are taken here"));
        // The parser lets broken UTF-8 inside a text pass and fails only when the text is read.
        if (!Utf8.IsValid(payload.Span))
            return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, "the payload is not UTF-8"));
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(payload, _json);
        }
        catch (JsonException broken)
        {
            return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, $"not JSON that can be read, in line {(broken.LineNumber ?? 0) + 1} at byte {broken.BytePositionInLine ?? 0}: send one JSON object without duplicate names, nested at most {Limits.Depth} deep"));
        }
        catch (InvalidOperationException)
        {
            // Thrown by the search for duplicate names where a name is half a surrogate pair (\ud800).
            return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, "a name in the message is not Unicode text"));
        }

        using (document)
        using (var mapping = new ProfileMapping(this, document.RootElement, origin, arrivedAt, window ?? Limits.Clock, retained))
            return mapping.Run();
    }
}

/// <summary>Limits of one profile's messages.</summary>
/// <param name="Bytes">Largest payload, bytes, 2 to 262,144.</param>
/// <param name="Readings">Most readings in one message, 1 to 500.</param>
/// <param name="Depth">Deepest nesting, 1 to 32.</param>
/// <param name="Elements">Most items of lists and objects that are looked at in one message, 1 to 20,000.</param>
/// <param name="Clock">Stamps that are believed on the wall clock: 10 s to 48 h back, 0 to 1 h ahead.</param>
public sealed record ProfileLimits(int Bytes, int Readings, int Depth, int Elements, DeviceClockWindow Clock)
{
    /// <summary>Largest payload that any profile may allow, bytes: a packet is not larger.</summary>
    public const int BytesMax = 262_144;

    /// <summary>Most readings in one message that any profile may allow.</summary>
    public const int ReadingsMax = 500;

    /// <summary>Deepest nesting that any profile may allow.</summary>
    public const int DepthMax = 32;

    /// <summary>Most items of lists and objects that any profile may allow.</summary>
    public const int ElementsMax = 20_000;
}

/// <summary>What a device may or must say in its <c>parameters</c>.</summary>
/// <param name="Defaults">Values by name; a name without a value is not there unless the device gives it.</param>
/// <param name="Required">Names that every device must give.</param>
public sealed record ProfileParameters(IReadOnlyDictionary<string, IReadOnlyList<string>> Defaults, IReadOnlyList<string> Required)
{
    /// <summary>The parameter by which a device names its topic, where the profile leaves topics to the installer.</summary>
    public const string Topic = "topic";

    /// <summary>The values for one device.</summary>
    /// <param name="given">What the device gives.</param>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> With(IReadOnlyDictionary<string, IReadOnlyList<string>> given)
    {
        if (given.Count == 0)
            return Defaults;
        var values = new Dictionary<string, IReadOnlyList<string>>(Defaults, StringComparer.Ordinal);
        foreach (var (name, value) in given)
            values[name] = value;
        return values;
    }
}
