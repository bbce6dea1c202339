using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Intake;
using Monitoring.Simulator.Perimeter;

namespace Monitoring.Simulator.Equipment;

/// <summary>How counts are told.</summary>
internal enum CountsAs
{
    /// <summary>What passed since the last report; nothing where nobody passed.</summary>
    Passages,

    /// <summary>What passed since the last report, also where nobody passed.</summary>
    Intervals,

    /// <summary>What has passed since the device was switched on.</summary>
    Totals,
}

/// <summary>How one device puts what it has seen into messages.</summary>
internal abstract class DeviceSpeech
{
    /// <summary>How it tells counts.</summary>
    public virtual CountsAs Counts => CountsAs.Passages;

    /// <summary>Most people that it can tell of one zone.</summary>
    public virtual int PeopleMax => ReadingLimits.PeopleMax;

    /// <summary>Whether its reports close whole intervals of the clock: a minute ends with the minute.</summary>
    public virtual bool OnTheClock => false;

    /// <summary>Puts readings into messages.</summary>
    /// <param name="stamp">The device's time.</param>
    /// <param name="sentAfter">How long after that it sends.</param>
    /// <param name="readings">What it has seen.</param>
    /// <param name="scheduled">Whether it is the report of an interval, not one in between.</param>
    public abstract IEnumerable<DeviceReport> Say(DateTimeOffset stamp, TimeSpan sentAfter, IReadOnlyList<Reading> readings, bool scheduled);

    /// <summary>How a device speaks, by its profile.</summary>
    /// <param name="device">The device.</param>
    /// <param name="zone">Time zone of its space.</param>
    /// <param name="topics">Topics of the site's connections.</param>
    /// <param name="bollard">What its controller measures, where it is a bollard.</param>
    /// <exception cref="ArgumentException">The simulator does not speak the profile's form, or no connection has its topic.</exception>
    public static DeviceSpeech Of(Device device, TimeZoneInfo zone, IReadOnlyCollection<string> topics, BollardPlay? bollard)
    {
        string Topic(string start, string end) => topics.FirstOrDefault(topic => topic.StartsWith(start, StringComparison.Ordinal) && topic.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"No connection of the site has a topic {start}…{end} for device '{device.Id}'.", nameof(topics));
        return device.Profile switch
        {
            "native" => new NativeSpeech(device.Id),
            "axis-object-analytics" => new AxisObjectAnalyticsSpeech(device.Id, device.Address, channel => Topic($"axis/{device.Address}/", $"/{channel}")),
            "axis-3d-people-counter" => new AxisPeopleCounterSpeech(device.Id, device.Address, device.Parameters["topic"][0], zone),
            "milesight-vs133-chirpstack" => new MilesightCounterSpeech(device.Id, device.Address, Topic("application/", $"/device/{device.Address}/event/up")),
            "bollard-neuron" when bollard is not null => new NeuronBollardSpeech(device.Id, device.Address, device.Parameters["topic"][0], () => bollard.Figures),
            _ => throw new ArgumentException($"The simulator does not speak '{device.Profile}' (device '{device.Id}').", nameof(device)),
        };
    }
}

/// <summary>The hub's own format: the readings, then a heartbeat that says all zeros at once. Battery and temperature have a message of their own: beside a count or a position they would tell when somebody passed, and the hub would not keep them.</summary>
/// <param name="device">Device id.</param>
internal sealed class NativeSpeech(string device) : DeviceSpeech
{
    private readonly string _topic = NativeMessage.TopicOf(device);

    public override IEnumerable<DeviceReport> Say(DateTimeOffset stamp, TimeSpan sentAfter, IReadOnlyList<Reading> readings, bool scheduled)
    {
        foreach (var told in readings.GroupBy(reading => reading is HealthReading).OrderBy(group => group.Key))
            yield return new DeviceReport(device, [.. told], new OutgoingMessage(_topic, NativeMessage.Of(stamp, [.. told])));
        if (scheduled)
            yield return new DeviceReport(device, [], new OutgoingMessage(_topic, NativeMessage.Heartbeat(stamp)));
    }
}
