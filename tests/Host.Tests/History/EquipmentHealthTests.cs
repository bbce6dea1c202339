using System.Text.Json;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.History;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Silo.History;

namespace Monitoring.Host.Tests.History;

/// <summary>What is kept of equipment for months: the same whether or not anybody passed, and whenever a bollard moved.</summary>
public sealed class EquipmentHealthTests
{
    private static readonly DateTimeOffset Night = new(2026, 6, 2, 1, 0, 0, TimeSpan.Zero);

    private static readonly PublicSpace Space = new(
        "square", "Square", "Testville", TimeZoneInfo.Utc, [], [new Zone("main", "Main", 100, 100, [])], [new CountingLine("gate", "Gate", 3, "outside", "main", [])], [],
        [new Device("bollard", "Bollard", DeviceKind.Bollard, "native", DevicePurpose.Live, TimeSpan.FromMinutes(5), [new DeviceChannel("post", ChannelSubject.Itself, "")]),
        new Device("mute", "Bollard that never vouches", DeviceKind.Bollard, "bollard-neuron", DevicePurpose.Live, TimeSpan.FromMinutes(5), [new DeviceChannel("post", ChannelSubject.Itself, "")]),
        new Device("counter", "Counter", DeviceKind.Counter, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new DeviceChannel("gate", ChannelSubject.Passages, "gate")]),
        new Device("camera", "Camera", DeviceKind.CountingCamera, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new DeviceChannel("main", ChannelSubject.People, "main")])], []);

    [Fact]
    public void Whether_and_when_a_bollard_moved_changes_no_point()
    {
        var quiet = Points([]);
        foreach (var minute in (int[])[1, 14, 52, 118])
        {
            var at = Night.AddMinutes(minute).AddSeconds(17);
            var moved = Points([
                Message("bollard", at, new PositionReading("post", at, ElementPosition.Moving), Values(at, ("uptimeSeconds", minute), ("batteryPercent", 3), ("pressureBar", 121))),
                Message("bollard", at.AddSeconds(5), Values(at.AddSeconds(5), ("pressureBar", 80), ("batteryPercent", 2))),
                Message("bollard", at.AddSeconds(9), new PositionReading("post", at.AddSeconds(9), ElementPosition.Lowered)),
                Message("bollard", at.AddSeconds(10), new EventReading("post", at.AddSeconds(10), "obstacle-detected", null)),
                Message("mute", at, new PositionReading("post", at, ElementPosition.Lowered), Values(at, ("uptimeSeconds", minute)))]);
            Assert.Equal(quiet, moved);
        }
    }

    [Fact]
    public void What_a_counter_counts_changes_no_point()
    {
        var quiet = Points([]);
        var random = new Random(8);
        for (var night = 0; night < 20; night++)
        {
            var counted = Points([.. Enumerable.Range(0, 1 + random.Next(40)).Select(_ => Night.AddSeconds(random.Next(7_200))).Order().Select(at =>
                Message("counter", at, new CountReading("gate", at, random.Next(5), random.Next(5), null), Values(at, ("uptimeSeconds", 1), ("batteryPercent", random.Next(100)))))]);
            Assert.Equal(quiet, counted);
        }
    }

    [Fact]
    public void A_device_that_is_silent_is_told_so_and_one_that_only_reports_when_something_happens_has_no_points()
    {
        var (state, model) = Begin();
        var at = Night.AddSeconds(20);
        model.Apply(Message("counter", at));
        model.Apply(Message("camera", at, new OccupancyReading("main", at, 3), Values(at, ("temperatureC", 21.5), ("signalDbm", -80))));
        model.Apply(Message("mute", at, new PositionReading("post", at, ElementPosition.Raised)));
        Assert.Equal(
            [("bollard", "never-heard", null, 0), ("counter", "ok", 100L, 0), ("camera", "ok", 120L, 1)],
            At(state, at.AddSeconds(100)).Select(point => (point.Device, point.State, point.SilentSeconds, point.Values.Count)));
        Assert.Equal(["never-heard", "ok", "ok"], At(state, at.AddMinutes(2)).Select(point => point.State));
        Assert.Equal(["never-heard", "silent", "silent"], At(state, at.AddMinutes(2).AddTicks(1)).Select(point => point.State));
    }

    private static List<string> Points(IReadOnlyList<AcceptedMessage> more)
    {
        var (state, model) = Begin();
        var points = new List<string>();
        var schedule = new List<AcceptedMessage> { Message("mute", Night, new PositionReading("post", Night, ElementPosition.Raised)) };
        for (var minute = 0; minute < 120; minute++)
        {
            var at = Night.AddMinutes(minute).AddSeconds(3);
            if (minute is < 30 or > 70)
                schedule.AddRange([Message("counter", at), Message("camera", at, new OccupancyReading("main", at, minute))]);
            if (minute % 5 == 0 && minute is < 40 or > 65)
                schedule.AddRange([Message("bollard", at), Message("bollard", at, Values(at, ("batteryPercent", 90), ("temperatureC", minute), ("uptimeSeconds", 60 * minute)))]);
        }

        var all = schedule.Concat(more).OrderBy(message => message.ArrivedAt).ToList();
        for (var i = 0; i <= all.Count; i++)
        {
            var before = i == 0 ? Night : all[i - 1].ArrivedAt;
            for (var quarter = Night; quarter < Night.AddHours(2); quarter = quarter.AddMinutes(15))
            {
                if (quarter > before && (i == all.Count || quarter <= all[i].ArrivedAt))
                    points.AddRange(At(state, quarter).Select(point => JsonSerializer.Serialize(point)));
            }

            if (i < all.Count)
                model.Apply(all[i]);
        }

        Assert.Contains(points, point => point.Contains("silent\"", StringComparison.Ordinal));
        Assert.Contains(points, point => point.Contains("uptimeSeconds", StringComparison.Ordinal));
        return points;
    }

    private static IEnumerable<HealthPoint> At(SpaceState state, DateTimeOffset at) =>
        EquipmentHealth.Of(Space.Id, DeviceStatus.FromBytes(DeviceStatus.ToBytes(new EquipmentView(Space, state).At(at))), at);

    private static (SpaceState State, SpaceModel Model) Begin()
    {
        var state = new SpaceState();
        return (state, new SpaceModel(Space, state));
    }

    private static AcceptedMessage Message(string device, DateTimeOffset at, params Reading[] readings) =>
        new() { DeviceId = device, Profile = "native/1", ArrivedAt = at, Time = at, TimeFromDevice = true, Readings = readings };

    private static HealthReading Values(DateTimeOffset at, params (string Name, double Value)[] values) => new("", at, values.ToDictionary(value => value.Name, value => value.Value));
}
