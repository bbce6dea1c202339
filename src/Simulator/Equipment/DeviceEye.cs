using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Crowd;

namespace Monitoring.Simulator.Equipment;

/// <summary>What one device sees of the crowd: less than there is, by its error.</summary>
internal sealed class DeviceEye
{
    private readonly SpaceCrowd _crowd;
    private readonly DeviceSpeech _speech;
    private readonly Random _random;
    private readonly CountingError _error;
    private readonly Dictionary<string, LinePassages> _told = [];
    private readonly Dictionary<string, LinePassages> _missed = [];

    /// <summary>Opens it.</summary>
    /// <param name="crowd">What is true.</param>
    /// <param name="speech">How it is told.</param>
    /// <param name="random">Seeded source.</param>
    /// <param name="now">Since when it looks.</param>
    public DeviceEye(SpaceCrowd crowd, DeviceSpeech speech, Random random, DateTimeOffset now) =>
        (_crowd, _speech, _random, _error, Since) = (crowd, speech, random, new CountingError(random), now);

    /// <summary>Up to when it has told what it counted.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>What it sees of a channel's subject since it last told; null where there is nothing to tell.</summary>
    /// <param name="channel">The channel: a line or a zone.</param>
    /// <param name="now">The instant.</param>
    public Reading? Look(DeviceChannel channel, DateTimeOffset now)
    {
        if (channel.Observes == ChannelSubject.People)
            return new OccupancyReading(channel.Name, now, Math.Min(_speech.PeopleMax, _error.Seen(_crowd.PeopleIn(channel.Subject))));
        var counted = _error.Counted(Watched(channel));
        if (_speech.Counts == CountsAs.Totals)
            return new TotalReading(channel.Name, now, counted.In, counted.Out, 1L << 32);
        var passed = counted.Since(_error.Counted(_told.GetValueOrDefault(channel.Name)));
        return now > Since && (passed != default || _speech.Counts == CountsAs.Intervals) ? new CountReading(channel.Name, now, passed.In, passed.Out, Since) : null;
    }

    /// <summary>Notes that everything up to now has been told.</summary>
    /// <param name="channels">The channels.</param>
    /// <param name="now">The instant.</param>
    public void Told(IEnumerable<DeviceChannel> channels, DateTimeOffset now)
    {
        foreach (var channel in channels.Where(channel => channel.Observes == ChannelSubject.Passages))
            _told[channel.Name] = Watched(channel);
        Since = now;
    }

    /// <summary>Lets pass by what it has not told and does not look at: it will never be counted.</summary>
    /// <param name="channels">The channels.</param>
    /// <param name="now">The instant.</param>
    public void Sleep(IEnumerable<DeviceChannel> channels, DateTimeOffset now)
    {
        foreach (var channel in channels.Where(channel => channel.Observes == ChannelSubject.Passages))
            _missed[channel.Name] = _crowd.PassagesOf(channel.Subject).Since(_told.GetValueOrDefault(channel.Name));
        Since = now;
    }

    /// <summary>Sound level: a quiet square at night has about 45 dB(A); ten times the people, ten decibels more.</summary>
    public double LaeqDb() => Math.Round(Math.Clamp(45 + 10 * Math.Log10(1 + _crowd.People / 10.0) + 1.2 * _random.Normal(), ReadingLimits.NoiseDbMin, ReadingLimits.NoiseDbMax), 1);

    private LinePassages Watched(DeviceChannel channel) => _crowd.PassagesOf(channel.Subject).Since(_missed.GetValueOrDefault(channel.Name));
}
