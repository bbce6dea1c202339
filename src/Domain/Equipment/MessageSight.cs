using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>What a profile would make of a message of a device that the site does not know: its address and channels, without a value.</summary>
/// <param name="Profile">Name of the profile.</param>
/// <param name="Address">The address by which the topic or the body names the device.</param>
/// <param name="Channels">The channels it would give, at most <see cref="ChannelsMax"/>; none where the profile cannot read the message, or not without parameters.</param>
public sealed record MessageSight(string Profile, string Address, IReadOnlyList<SeenChannel> Channels)
{
    /// <summary>Most channels of one message that are told.</summary>
    public const int ChannelsMax = 32;

    /// <summary>Looks at a message through each profile that could be meant.</summary>
    /// <param name="profiles">The profiles of the site. Those whose topic it is; where it is no profile's, those whose topic the installer chooses.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="payload">The body.</param>
    /// <param name="now">The instant of its arrival.</param>
    /// <param name="window">Stamps that are believed; null: those of the profile.</param>
    /// <returns>What each makes of it; none where no profile finds a name of a device.</returns>
    public static IReadOnlyList<MessageSight> Of(IReadOnlyList<EquipmentProfile> profiles, string topic, ReadOnlyMemory<byte> payload, DateTimeOffset now, DeviceClockWindow? window)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        var own = profiles.Select(profile => (Profile: profile, Segments: profile.Topic?.Match(topic))).Where(entry => entry.Segments is not null).ToList();
        var meant = own.Count > 0 ? own : [.. profiles.Where(profile => profile.Topic is null).Select(profile => (profile, (IReadOnlyDictionary<string, string>?)new Dictionary<string, string>()))];
        return [.. meant.Select(entry => Through(entry.Profile, entry.Segments!, payload, now, window)).OfType<MessageSight>()];
    }

    private static MessageSight? Through(EquipmentProfile profile, IReadOnlyDictionary<string, string> segments, ReadOnlyMemory<byte> payload, DateTimeOffset now, DeviceClockWindow? window)
    {
        var named = segments.GetValueOrDefault(TopicPattern.DeviceSegment);
        var anyone = MessageOrigin.Anyone(segments);
        var outcome = profile.Map(new MessageOrigin(segments, address => anyone.DeviceOf(named = address)), payload, now, window, retained: false);
        if (string.IsNullOrEmpty(named))
            return null;
        var channels = outcome.Message?.Readings.Where(reading => reading.Channel.Length > 0).Select(reading => new SeenChannel(reading.Channel, KindOf(reading))).Distinct().Take(ChannelsMax).ToList();
        return new MessageSight(profile.Name, named, channels ?? []);
    }

    private static string KindOf(Reading reading) => reading switch
    {
        CountReading => "count",
        TotalReading => "total",
        OccupancyReading => "occupancy",
        DensityReading => "density",
        PositionReading => "position",
        HealthReading => "health",
        NoiseReading => "noise",
        _ => "event",
    };
}

/// <summary>A channel that a message would have.</summary>
/// <param name="Name">Its name, as the message or the profile gives it.</param>
/// <param name="Kind">Kind of its readings: count, total, occupancy, density, position, health, noise or event.</param>
public sealed record SeenChannel(string Name, string Kind);
