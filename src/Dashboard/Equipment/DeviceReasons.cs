using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Intake;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary>One thing about a device that needs a person, and what could be done; null where nothing is known.</summary>
internal sealed record DeviceReason(string What, string? Remedy);

/// <summary>Why a device needs a person: what its space says of it, and what the way in says of its messages.</summary>
internal static class DeviceReasons
{
    /// <summary>How long a refusal is news.</summary>
    public static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(15);

    /// <summary>Most kinds of refusals told of one device, the newest.</summary>
    public const int RefusalsMax = 5;

    /// <summary>The reason that an alarm of its own gives.</summary>
    public const string MessageRate = IntakeRule.MessageRate;

    // While nothing is taken, these say nothing of the device.
    private static readonly string[] Silences = ["never-heard", "silent", "channel-silent"];

    /// <summary>The device as pages show it: one that has an active alarm of its own is not in order, whatever its space hears of it.</summary>
    /// <param name="device">The device as its space tells of it.</param>
    /// <param name="alarms">Alarms of the way in that the person sees.</param>
    public static DeviceStatus With(this DeviceStatus device, IEnumerable<Alarm> alarms) =>
        alarms.Any(alarm => alarm is { Rule: MessageRate, State: AlarmState.Unacknowledged or AlarmState.Acknowledged } && alarm.Subject == device.Id)
            ? device with { State = device.State == DeviceCondition.Ok ? DeviceCondition.Degraded : device.State, Reasons = [.. device.Reasons, MessageRate] }
            : device;

    /// <summary>What was refused lately of a device or of its connections, newest first, each reason once; at most <see cref="RefusalsMax"/>.</summary>
    /// <param name="messages">Refused messages, newest first, cut to what the person may see.</param>
    /// <param name="site">The site.</param>
    /// <param name="device">The device.</param>
    /// <param name="ways">Names of the connections that may speak for it.</param>
    /// <param name="now">The hub's clock.</param>
    public static IReadOnlyList<RejectedMessage> Refused(IEnumerable<RejectedMessage> messages, CompiledSite site, Device device, IReadOnlyCollection<string> ways, DateTimeOffset now)
    {
        // With the other devices of the site: on a topic that several share, a message that was refused may be anybody's.
        var routes = new TopicRoutes(site.Profiles.Values, site.Site.Spaces.SelectMany(space => space.Devices));
        return [.. messages
            .Where(message => now - message.Time <= RefusedFor)
            .Where(message => message.Topic.Length == 0 ? ways.Contains(message.Connection) : IsOnly(routes.Of(message.Topic), device.Id))
            .DistinctBy(message => message.Reason)
            .Take(RefusalsMax)];
    }

    /// <summary>What to show, the journal first: while nothing is taken, no silence is a device's own.</summary>
    /// <param name="device">The device, as <see cref="With"/> gives it.</param>
    /// <param name="away">Whether the hub takes nothing.</param>
    /// <param name="refused">What was refused of it lately.</param>
    /// <param name="isSummary">Whether it is for those who do not see refusals: they are told of them, not which.</param>
    /// <param name="now">The hub's clock.</param>
    public static IReadOnlyList<DeviceReason> Of(DeviceStatus device, IntakeStop? away, IReadOnlyList<RejectedMessage> refused, bool isSummary, DateTimeOffset now)
    {
        var reasons = new List<DeviceReason>();
        if (away is not null)
            reasons.Add(new("The hub refuses what it sends", $"The journal of {away.Gateways} is full or cannot be written. Whether the device is well is not known until the hub takes messages again: nothing has to be done at the device."));
        reasons.AddRange(device.Reasons.Select(reason => new DeviceReason(EquipmentWords.Reason(reason), away is not null && Silences.Contains(reason) ? null : EquipmentWords.Remedy(reason))));
        var others = refused.Where(message => away is null || message.Reason != RefusalReason.CannotKeep.ToName()).Where(message => message.Reason != RefusalReason.RateExceeded.ToName() || !device.Reasons.Contains(MessageRate)).ToList();
        if (isSummary && others.Count > 0)
            reasons.Add(new("Messages of it were refused lately", "The technician sees which and why under Equipment, Refused messages."));
        else
            reasons.AddRange(others.Select(message => new DeviceReason($"Refused {EquipmentWords.Ago(message.Time, now)} ago: {message.Reason}", $"{message.Detail.TrimEnd('.')}. {EquipmentWords.Mend(message.Reason)} Connection {message.Connection}.")));
        return reasons;
    }

    private static bool IsOnly(IReadOnlyList<TopicRoute> routes, string device)
    {
        var all = routes.SelectMany(route => route.Devices.Values).Select(one => one.Id).Distinct(StringComparer.Ordinal).Take(2).ToList();
        return all.Count == 1 && all[0] == device;
    }
}
