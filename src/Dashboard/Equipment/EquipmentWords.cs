using System.Globalization;
using Monitoring.Contracts.Intake;
using Monitoring.Dashboard.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary>How pages say things about equipment, and what a person could do.</summary>
internal static class EquipmentWords
{
    private static readonly Dictionary<string, (string What, string Remedy)> Reasons = new(StringComparer.Ordinal)
    {
        ["never-heard"] = ("Never heard", "Check that it has power and network, that its connection signs in with the right secret, and that it publishes on its topic. Refused messages say why a message did not count."),
        ["silent"] = ("Silent", "Check its power, then its network. If other devices of the same connection are silent too, begin with what they share: cabinet, router, mobile link."),
        ["channel-silent"] = ("A channel is silent", "The device reports, but not all of its channels: check the sensor or cable of the silent one, and its name in the device."),
        ["clock-faulty"] = ("Clock is wrong", "Set its clock or its time server. Until then the hub uses the time of arrival."),
        ["battery-low"] = ("Battery is low", "Charge or change the battery."),
        [DeviceReasons.MessageRate] = ("Sends far too often", "What is over its share is refused. Check its interval, and restart it; the alarm ends by itself a minute after its last message too many."),
        ["fault"] = ("Reports a fault", "An element reports a fault of its own: it needs somebody on site."),
    };

    private static readonly Dictionary<string, string> Mending = new(StringComparer.Ordinal)
    {
        [RefusalReason.NotAuthorized.ToName()] = "Enter the topic under this connection in site.yaml, or let the device publish on a topic that stands there.",
        [RefusalReason.TopicInvalid.ToName()] = "Set a topic without wildcards and control characters in the device.",
        [RefusalReason.TooLarge.ToName()] = "Send fewer readings in one message.",
        [RefusalReason.PayloadFormat.ToName()] = "Compare the message with the device's profile: monitoring map shows what the profile makes of it.",
        [RefusalReason.ValueOutOfRange.ToName()] = "The device measures or counts what cannot be: check its configuration and units.",
        [RefusalReason.UnknownDevice.ToName()] = "Enter the device or channel in site.yaml, or mend its name in the device.",
        [RefusalReason.QosNotSupported.ToName()] = "Set quality of service 0 or 1 in the device.",
        [RefusalReason.CannotKeep.ToName()] = "The hub could not write its journal: see to disk space. The device sends the message again.",
        [RefusalReason.Protocol.ToName()] = "The sender does not speak MQTT 3.1.1 or 5 as it should: check its client and what stands between.",
        [RefusalReason.BadCredentials.ToName()] = "Set the connection's name and secret in the device; monitoring connections secret makes a new one.",
        [RefusalReason.TooManySecrets.ToName()] = "Somebody tries wrong secrets: a device that has an old one, or an attacker. A secret that monitoring connections secret makes is let in all the same.",
        [RefusalReason.RateExceeded.ToName()] = "The device sends far more often than it should: check its interval, and restart it. What it sends again later is taken.",
        [RefusalReason.Subscribe.ToName()] = "Equipment only publishes here: switch subscriptions off in the device.",
    };

    /// <summary>Kind in words.</summary>
    public static string Word(this DeviceKind kind) => kind switch
    {
        DeviceKind.Counter => "counter",
        DeviceKind.CountingCamera => "counting camera",
        DeviceKind.Bollard => "bollard",
        DeviceKind.Barrier => "barrier",
        _ => "noise meter",
    };

    /// <summary>State in words.</summary>
    public static string Word(this DeviceCondition state) => state switch
    {
        DeviceCondition.Ok => "ok",
        DeviceCondition.Degraded => "degraded",
        DeviceCondition.Silent => "silent",
        _ => "never heard",
    };

    /// <summary>How much a state needs a person; higher is worse.</summary>
    public static int Weight(this DeviceCondition state) => state switch
    {
        DeviceCondition.Silent => 3,
        DeviceCondition.NeverHeard => 2,
        DeviceCondition.Degraded => 1,
        _ => 0,
    };

    /// <summary>A reason in words; the name itself where there are none for it.</summary>
    public static string Reason(string reason) => Reasons.TryGetValue(reason, out var words) ? words.What : reason;

    /// <summary>Whether a reason only says again what the state says.</summary>
    public static bool IsState(string reason, DeviceCondition state) => reason == DeviceWords.Of(state);

    /// <summary>A health value with its name and unit; the device's own name where it is none of the known ones.</summary>
    public static (string Name, string Value) Health(string name, double value) => name switch
    {
        "batteryPercent" => ("Battery", $"{Number(value)} %"),
        "positionPercent" => ("Position", $"{Number(value)} %"),
        "temperatureC" => ("Temperature", $"{Number(value)} °C"),
        "signalDbm" => ("Signal", $"{Number(value)} dBm"),
        "pressureBar" => ("Pressure", $"{Number(value)} bar"),
        "uptimeSeconds" => ("Running for", Words.Age(value)),
        _ => (name, Number(value)),
    };

    /// <summary>What a person could do about a reason; null where nothing is known.</summary>
    public static string? Remedy(string reason) => Reasons.TryGetValue(reason, out var words) ? words.Remedy : null;

    /// <summary>How a refusal is mended; null where nothing is known.</summary>
    public static string? Mend(string refusal) => Mending.GetValueOrDefault(refusal);

    /// <summary>How long ago, or the dash.</summary>
    public static string Ago(DateTimeOffset? at, DateTimeOffset now) => at is null ? Words.None : Words.Age(Math.Max(0, (now - at.Value).TotalSeconds));

    /// <summary>How long ago something was of which only the quarter of an hour is known: no longer than so many whole quarters, or hours where it is over two.</summary>
    public static string AgoInQuarters(DateTimeOffset quarter, DateTimeOffset now)
    {
        var step = now - quarter > TimeSpan.FromHours(2) ? TimeSpan.FromHours(1) : PendingDevice.TimeStep;
        return $"under {Words.Age(Math.Max(1, Math.Ceiling((now - quarter) / step)) * step.TotalSeconds)} ago";
    }

    /// <summary>How many messages a pending device has sent: one, few (2 or more) or many (10 or more).</summary>
    public static string Messages(PendingDevice device) =>
        device.Messages >= PendingDevice.ManyMessages ? "many" : device.Messages >= PendingDevice.FewMessages ? "few" : "one";

    /// <summary>An expected interval.</summary>
    public static string Every(double seconds) => seconds % 3600 == 0 ? $"{seconds / 3600:0} h" : seconds % 60 == 0 && seconds >= 120 ? $"{seconds / 60:0} min" : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##} s");

    /// <summary>The sentence of the device view: <c>Heard 3 s ago, expected every 10 s.</c></summary>
    public static string Heard(DeviceStatus device, DateTimeOffset now) => device.LinkAt is { } at
        ? $"Heard {Ago(at, now)} ago, expected every {Every(device.IntervalSeconds)}."
        : $"Never heard, expected every {Every(device.IntervalSeconds)}.";

    /// <summary>The position that a channel has now; unknown where the device, or a channel of it, is silent; null where it has none.</summary>
    /// <remarks>Which channel is silent a device's state does not say: then none of them is believed.</remarks>
    public static ElementPosition? PositionOf(DeviceStatus device, string channel) =>
        !device.Positions.TryGetValue(channel, out var position) ? null
        : device.State is DeviceCondition.Silent or DeviceCondition.NeverHeard || device.Reasons.Contains("channel-silent") ? ElementPosition.Unknown
        : position;

    /// <summary>What a channel observes, in words.</summary>
    public static string Observes(Device device, DeviceChannel channel, PublicSpace space) => channel.Observes switch
    {
        ChannelSubject.Passages => $"passages over {space.Lines.FirstOrDefault(line => line.Id == channel.Subject)?.Name ?? channel.Subject}",
        ChannelSubject.People => $"people in {space.Zones.FirstOrDefault(zone => zone.Id == channel.Subject)?.Name ?? channel.Subject}",
        _ when channel.Observes == ChannelSubject.Itself && space.BarrierLines.SelectMany(line => line.Elements).FirstOrDefault(element => element.Device == device.Id && element.Channel == channel.Name) is { } element => $"position of {element.Name}",
        _ => "the device itself",
    };

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture).Replace('-', '−');
}
