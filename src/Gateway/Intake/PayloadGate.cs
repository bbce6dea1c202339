using Microsoft.Extensions.Options;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Spaces;

namespace Monitoring.Gateway.Intake;

/// <summary>Decides on one message: may it, can it be read, is it possible, can it be kept.</summary>
internal sealed class PayloadGate(SiteFollower site, IngestJournal journal, BabblingDevices babbling, PendingDevices pending, HubClock clock, IOptions<IntakeOptions> options)
{
    private static readonly Refusal NotAuthorized = new(RefusalReason.NotAuthorized, "the site does not let this connection publish to this topic");
    private static readonly Refusal UnknownChannel = new(RefusalReason.UnknownDevice, "a channel of the message is not in the site; add it to the device, or correct the device");
    private static readonly Refusal CannotKeep = new(RefusalReason.CannotKeep, "the message cannot be kept now; send it again later");

    private static readonly Refusal RateExceeded = new(RefusalReason.RateExceeded, "the device sends more messages than it may in this time; send it again later");

    private readonly IntakeOptions _limits = options.Value;
    private readonly bool _isStricter = options.Value.TopicBytesMax < TopicName.BytesMax || options.Value.TopicLevelsMax < TopicName.LevelsMax;
    private readonly Allowance _perDevice = new(options.Value.DeviceMessagesPerSecondMax, options.Value.DeviceMessagesAtOnceMax, clock.Wall.TimestampFrequency);
    private readonly DeviceClockWindow? _window = clock.Kind == ClockKind.Replay ? DeviceClockWindow.Replay : null;

    /// <summary>Checks a message and hands it to the journal.</summary>
    /// <param name="connection">Connection name.</param>
    /// <param name="topic">Topic as received.</param>
    /// <param name="payload">Body.</param>
    /// <param name="retained">Whether it has the retain flag.</param>
    /// <param name="heardAt">Time stamp of the wall clock at which it came.</param>
    /// <returns>A task that ends when the message is durable, at once where its profile drops it; or why it is refused.</returns>
    public (Task? Committed, Refusal? Refusal) Take(string connection, string topic, ReadOnlyMemory<byte> payload, bool retained, long heardAt)
    {
        var found = Find(connection, topic);

        // What the site lists is a topic name; only limits that are set lower than the site's can still be passed.
        if ((found is null || _isStricter) && TopicName.Problem(topic, _limits.TopicBytesMax, _limits.TopicLevelsMax) is { } problem)
            return (null, new Refusal(RefusalReason.TopicInvalid, problem));
        if (found is not { } admitted)
        {
            pending.Saw(connection, topic, payload, heardAt);
            return (null, NotAuthorized);
        }

        if (admitted.OnlyDevice is { } only && !MayGoOn(only, heardAt))
            return (null, RateExceeded);
        var outcome = admitted.Map(payload, clock.Now, _window, retained);
        if (outcome.IsDropped)
            return (Task.CompletedTask, null);
        if (outcome.Message is not { } message)
        {
            if (outcome.Refusal!.Reason == RefusalReason.UnknownDevice)
                pending.Saw(connection, topic, payload, heardAt);
            return (null, outcome.Refusal);
        }

        if (!admitted.KnowsChannelsOf(message))
            return (null, UnknownChannel);

        // Where several devices speak on one topic only the body says which one it is; a babbling one must take nothing from the others.
        if (admitted.OnlyDevice is null && !MayGoOn(admitted.DeviceOf(message), heardAt))
            return (null, RateExceeded);
        return journal.TryAppend(admitted.SpaceOf(message), message.ToBytes()) is { } appended ? (appended.Committed, null) : (null, CannotKeep);
    }

    // A replay sends days in minutes; its pace is that of the disk.
    private bool MayGoOn(AdmittedDevice device, long now)
    {
        if (clock.Kind == ClockKind.Replay || _perDevice.TryTake(ref device.FullAt, now))
            return true;
        babbling.Note(device.Id);
        return false;
    }

    private AdmittedTopic? Find(string connection, string topic) =>
        site.Current?.Connections.GetValueOrDefault(connection) is { } topics && topics.TryGetValue(topic, out var admitted) ? admitted : null;
}
