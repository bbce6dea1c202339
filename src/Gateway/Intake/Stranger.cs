using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monitoring.Contracts.Intake;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Gateway.Intake;

/// <summary>A device that the site does not know, as a connection speaks for it.</summary>
internal sealed class Stranger(string connection, string topic, string device, DateTimeOffset at)
{
    private const int NameCharsMax = 64;
    private const int AddressCharsMax = 128;

    private static readonly long[] Steps = [1, PendingDevice.FewMessages, PendingDevice.ManyMessages];

    private readonly DateTimeOffset _firstSeen = QuarterHour(at);
    private long _messages;
    private MessageShape _shape = new(MessageForm.Empty, [], false);

    public string Connection { get; } = connection;

    /// <summary>The topic as received.</summary>
    public string Topic { get; } = topic;

    /// <summary>The address that topic or body names, as received; empty where neither names one.</summary>
    public string Device { get; } = device;

    /// <summary>The number of the last message among all that were looked at: the lowest was silent for longest.</summary>
    public long Turn { get; private set; }

    /// <summary>Beginning of the quarter of an hour in which it was heard last, UTC.</summary>
    public DateTimeOffset LastSeen { get; private set; } = QuarterHour(at);

    public IReadOnlyList<MessageSight> Sights { get; private set; } = [];

    /// <summary>Notes its last message.</summary>
    public void Spoke(DateTimeOffset now, long turn, MessageShape shape, IReadOnlyList<MessageSight> sights)
    {
        // A shape that changed with each message would tell what each holds: within a quarter of an hour only one with more fields is taken.
        var quarterHour = QuarterHour(now);
        if (_messages == 0 || quarterHour != LastSeen || shape.Fields.Count > _shape.Fields.Count)
            (_shape, Sights) = (shape, sights);
        (LastSeen, Turn) = (quarterHour, turn);
        _messages++;
    }

    /// <summary>What is told of it: names are made fit to be shown, times and count too coarse to follow people who pass.</summary>
    public PendingDevice Tell() => new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Connection}\n{Topic}\n{Device}")))[..16],
        Connection,
        ShownText.Of(Topic, TopicName.BytesMax),
        ShownText.Of(Device, AddressCharsMax),
        _firstSeen,
        LastSeen,
        Steps.Last(step => step <= _messages),
        JsonNamingPolicy.KebabCaseLower.ConvertName(_shape.Form.ToString()),
        [.. _shape.Fields.Select(field => new PendingField(field.Path, field.Type))],
        _shape.IsCut,
        [.. Sights.Select(Tell)]);

    private static DateTimeOffset QuarterHour(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % PendingDevice.TimeStep.Ticks), TimeSpan.Zero);

    private static PendingSight Tell(MessageSight sight) => new(
        sight.Profile,
        ShownText.Of(sight.Address, AddressCharsMax),
        [.. sight.Channels.Select(channel => new PendingChannel(ShownText.Of(channel.Name, NameCharsMax), channel.Kind))]);
}
