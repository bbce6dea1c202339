using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>One thing that is not known, or not to be trusted.</summary>
/// <param name="Key">Stable key for the page.</param>
/// <param name="What">What, as a sentence.</param>
/// <param name="Why">Why, as a sentence.</param>
/// <param name="Since">Since when; null where it never was known, or nobody can say.</param>
public sealed record UnknownThing(string Key, string What, string Why, DateTimeOffset? Since);

/// <summary>What a control room cannot see of a space, and why: equipment first, since it is the cause, then what the numbers lack.</summary>
public static class Unknowns
{
    private const string ClockFaulty = "clock-faulty";
    private const string ChannelSilent = "channel-silent";

    /// <summary>Everything that is not known, the most harmful first; empty where all is.</summary>
    /// <param name="place">The space as the site describes it.</param>
    /// <param name="state">Its state; null before the first.</param>
    /// <param name="devices">Its equipment; null before it was asked for.</param>
    public static IReadOnlyList<UnknownThing> Of(PublicSpace place, SpaceSnapshot? state, IReadOnlyList<DeviceStatus>? devices)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (state is null)
            return [new UnknownThing("state", $"Nothing is known of {place.Name}.", "The space has not answered yet.", null)];
        return [.. Blind(place, devices ?? []), .. Doubtful(state), .. Unwatched(state), .. WrongClocks(devices ?? [])];
    }

    private static IEnumerable<UnknownThing> Blind(PublicSpace place, IReadOnlyList<DeviceStatus> devices) =>
        from device in devices
        let silent = device.State is DeviceCondition.Silent or DeviceCondition.NeverHeard
        where silent || device.Reasons.Contains(ChannelSilent)
        let known = place.Devices.FirstOrDefault(one => one.Id == device.Id)
        let why = device.State == DeviceCondition.NeverHeard ? $"{device.Name} has never reported." : silent ? $"{device.Name} is silent." : $"A part of {device.Name} is silent."
        select new UnknownThing($"device {device.Id}", Lost(place, known), why, device.State == DeviceCondition.NeverHeard ? null : device.HeartbeatAt ?? device.LinkAt);

    private static string Lost(PublicSpace place, Device? device)
    {
        if (device is null)
            return "Its part of the space is not seen.";
        var subjects = device.Channels.Where(channel => channel.Observes != ChannelSubject.Itself).Select(channel => NameOf(place, channel))
            .Concat(place.BarrierLines.SelectMany(line => line.Elements).Where(element => element.Device == device.Id).Select(element => element.Name))
            .Distinct(StringComparer.Ordinal).ToList();
        return subjects.Count == 0 ? $"What {device.Name} reports is missing." : $"Not seen: {string.Join(", ", subjects)}.";
    }

    private static string NameOf(PublicSpace place, DeviceChannel channel) => channel.Observes == ChannelSubject.Passages
        ? place.Lines.FirstOrDefault(line => line.Id == channel.Subject)?.Name ?? channel.Subject
        : place.Zones.FirstOrDefault(zone => zone.Id == channel.Subject)?.Name ?? channel.Subject;

    private static IEnumerable<UnknownThing> Doubtful(SpaceSnapshot state) =>
        from zone in state.Zones
        from reason in zone.Reasons
        let why = reason switch
        {
            QualityReason.NotAnchored => "No sensor sees the zone as a whole: it is counted from 0 by its lines.",
            QualityReason.NegativeEstimate => "More people were counted out than in, so 0 is shown.",
            QualityReason.LevelHeld => "Its sources are silent: the level stays as it was and is not lowered.",
            QualityReason.NoSource => "The site lists no source for it.",
            QualityReason.Overdue => "Every source that is alive is late.",
            _ => null,
        }
        where why is not null
        select new UnknownThing($"zone {zone.Id} {reason}", reason == QualityReason.LevelHeld ? $"The level of {zone.Name} may be out of date." : $"The number of {zone.Name} may be wrong.", why, null);

    private static IEnumerable<UnknownThing> Unwatched(SpaceSnapshot state) =>
        from line in state.BarrierLines
        let dumb = line.Elements.Where(element => !element.HasTelemetry).Select(element => element.Name).ToList()
        let faulty = line.Elements.Where(element => element.Position == ElementPosition.Fault).Select(element => element.Name).ToList()
        from thing in new[]
        {
            dumb.Count > 0 ? new UnknownThing($"barrier {line.Id} dumb", $"{line.Name}: not known whether it is closed.", $"{string.Join(", ", dumb)} {(dumb.Count == 1 ? "reports" : "report")} nothing; a person has to look.", null) : null,
            faulty.Count > 0 ? new UnknownThing($"barrier {line.Id} fault", $"{line.Name}: not known whether it is closed.", $"{string.Join(", ", faulty)} {(faulty.Count == 1 ? "reports" : "report")} a fault.", null) : null,
        }
        where thing is not null
        select thing;

    private static IEnumerable<UnknownThing> WrongClocks(IReadOnlyList<DeviceStatus> devices) =>
        from device in devices
        where device.Reasons.Contains(ClockFaulty)
        select new UnknownThing($"clock {device.Id}", $"When {device.Name} measured is not known.", "Its clock is wrong; its readings are dated at arrival.", null);
}
