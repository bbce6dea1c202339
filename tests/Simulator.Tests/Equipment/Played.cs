using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Equipment;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Equipment;

/// <summary>A stretch of the sample city: every report with the second in which it left.</summary>
internal sealed class Played
{
    public const int Seed = 7;

    public static readonly Site Site = Samples.Site("pilot-city").Site;

    private Played(PilotCity city, IReadOnlyList<(DateTimeOffset SentAt, DeviceReport Report)> sent) => (City, Sent) = (city, sent);

    public PilotCity City { get; }

    public IReadOnlyList<(DateTimeOffset SentAt, DeviceReport Report)> Sent { get; }

    public static DateTimeOffset Start => Samples.Evening;

    public static Played Of(Scene scene, int seconds, int seed = Seed)
    {
        var city = new PilotCity(Site, scene, seed, Start);
        var sent = new List<(DateTimeOffset, DeviceReport)>();
        for (var second = 0; second <= seconds; second++)
            sent.AddRange(city.AdvanceTo(Start.AddSeconds(second)).Select(report => (Start.AddSeconds(second), report)));
        return new Played(city, sent);
    }

    /// <summary>A calm half hour in which one thing breaks.</summary>
    public static Scene With(string subject, FaultKind kind, double fromMinutes, double minutes) =>
        new("calm", TimeSpan.FromMinutes(30), [], [], [new DeviceFault(subject, kind, TimeSpan.FromMinutes(fromMinutes), TimeSpan.FromMinutes(minutes))]);

    public IEnumerable<(DateTimeOffset SentAt, DeviceReport Report)> By(string device) => Sent.Where(sent => sent.Report.Device == device);

    public IEnumerable<T> Readings<T>(string device)
        where T : Reading => By(device).SelectMany(sent => sent.Report.Readings.OfType<T>());

    public static Device Device(string id) => Site.Spaces.SelectMany(space => space.Devices).Single(device => device.Id == id);
}
