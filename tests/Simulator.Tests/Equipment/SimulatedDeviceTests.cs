using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Equipment;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Equipment;

/// <summary>How healthy devices report.</summary>
public sealed class SimulatedDeviceTests
{
    private static readonly Played Calm = Played.Of(Scenes.Of("quiet-evening"), 1_800);

    private static readonly IReadOnlyList<Device> Native = [.. Played.Site.Spaces.SelectMany(space => space.Devices).Where(device => device.Profile == "native")];

    [Fact]
    public void They_stamp_each_interval_and_send_a_little_later()
    {
        foreach (var device in Native)
        {
            var beats = Calm.By(device.Id).Where(sent => sent.Report.Readings.Count == 0).Select(sent => (sent.SentAt, Stamp: StampOf(sent.Report))).ToList();
            Assert.Equal(Played.Start, beats[0].Stamp);
            Assert.True(beats[1].Stamp - beats[0].Stamp <= device.Interval);
            Assert.All(beats.Skip(1).Zip(beats.Skip(2)), pair => Assert.Equal(device.Interval, pair.Second.Stamp - pair.First.Stamp));
            Assert.All(beats, beat => Assert.InRange(beat.SentAt - beat.Stamp, TimeSpan.Zero, SimulatedDevice.JitterMax));
            Assert.True(beats.Select(beat => beat.SentAt - beat.Stamp).Distinct().Count() > 1, $"{device.Id} has no jitter");
        }
    }

    [Fact]
    public void Zeros_are_not_sent_by_native_counters_and_intervals_follow_each_other()
    {
        var quiet = 0;
        foreach (var (device, channel) in Native.SelectMany(device => device.Channels.Where(channel => channel.Observes == ChannelSubject.Passages).Select(channel => (device, channel))))
        {
            var counts = Calm.Readings<CountReading>(device.Id).Where(count => count.Channel == channel.Name).ToList();
            Assert.All(counts, count => Assert.True(count.In + count.Out > 0));
            Assert.All(counts.Zip(counts.Skip(1)), pair => Assert.True(pair.Second.From >= pair.First.Time));
            quiet += counts.Zip(counts.Skip(1)).Count(pair => pair.Second.From > pair.First.Time);
        }

        Assert.True(quiet > 10, "some intervals have no passage");
    }

    [Fact]
    public void Battery_and_temperature_come_once_a_minute_in_messages_that_the_hub_takes_as_scheduled()
    {
        foreach (var device in Native.Where(device => device.Channels.Any(channel => channel.Name == "battery")))
        {
            var told = Calm.By(device.Id).Select(sent => sent.Report.Readings).Where(readings => readings.OfType<HealthReading>().Any()).ToList();
            Assert.All(told, readings => Assert.True(ScheduledMessage.Is(new AcceptedMessage { DeviceId = device.Id, Profile = "native/1", ArrivedAt = readings[0].Time, Time = readings[0].Time, Readings = readings }, device)));
            Assert.InRange(told.Count, 29, 31);
        }
    }

    [Fact]
    public void What_they_count_in_an_hour_misses_up_to_three_percent_of_one_direction()
    {
        var played = Played.Of(Scenes.Of(Scenes.Programme) with { Faults = [] }, 3_600, seed: 11);
        var missed = new List<double>();
        foreach (var space in Played.Site.Spaces)
        {
            foreach (var (device, channel) in space.Devices.SelectMany(device => device.Channels.Where(channel => channel.Observes == ChannelSubject.Passages).Select(channel => (device, channel))))
            {
                var truth = played.City.Crowd(space.Id).PassagesOf(channel.Subject);
                var counted = CountedBy(played, device.Id, channel.Name);

                // What passed since the last report is still to come.
                var open = 90 * device.Interval.TotalMinutes * space.Lines.Single(line => line.Id == channel.Subject).WidthM + 90;
                Assert.InRange(counted.In, (1 - CountingError.ShareMax) * truth.In - open, truth.In);
                Assert.InRange(counted.Out, (1 - CountingError.ShareMax) * truth.Out - open, truth.Out);
                missed.Add(1 - (double)(counted.In + counted.Out) / (truth.In + truth.Out));
            }
        }

        Assert.InRange(missed.Average(), 0.002, 0.02);
    }

    [Fact]
    public void Cameras_see_at_most_three_percent_too_few_and_never_too_many()
    {
        var city = new PilotCity(Played.Site, Scenes.Of("market-day"), Played.Seed, Played.Start);
        for (var second = 0; second <= 400; second++)
        {
            foreach (var report in city.AdvanceTo(Played.Start.AddSeconds(second)))
            {
                foreach (var seen in report.Readings.OfType<OccupancyReading>().Where(seen => seen.Time == city.Now))
                {
                    var (space, zone) = Played.Site.Spaces.SelectMany(space => space.Devices.Where(device => device.Id == report.Device).SelectMany(device => device.Channels.Where(channel => channel.Name == seen.Channel).Select(channel => (space.Id, channel.Subject)))).Single();
                    var truth = city.Crowd(space).PeopleIn(zone);
                    Assert.InRange(seen.People, (int)(truth * (1 - CountingError.ShareMax)), truth);
                }
            }
        }
    }

    [Fact]
    public void A_bollard_says_at_once_that_it_moves_and_comes_up_again()
    {
        var positions = Played.Of(Scenes.Of("quiet-evening"), 7_200).Readings<PositionReading>("nice-bollard-sea").ToList();
        var changes = positions.Where((reading, i) => i == 0 || positions[i - 1].Position != reading.Position).ToList();
        Assert.Equal([ElementPosition.Raised, ElementPosition.Moving, ElementPosition.Lowered, ElementPosition.Moving, ElementPosition.Raised], changes.Take(5).Select(reading => reading.Position));
        Assert.Equal(4, (changes[2].Time - changes[1].Time).TotalSeconds);
    }

    private static LinePassages CountedBy(Played played, string device, string channel)
    {
        if (played.Readings<TotalReading>(device).LastOrDefault(total => total.Channel == channel) is { } last)
            return new LinePassages((int)last.In, (int)last.Out);
        var counts = played.Readings<CountReading>(device).Where(count => count.Channel == channel).ToList();
        return new LinePassages(counts.Sum(count => count.In), counts.Sum(count => count.Out));
    }

    private static DateTimeOffset StampOf(DeviceReport report) => System.Text.Json.JsonDocument.Parse(report.Message.Payload).RootElement.GetProperty("time").GetDateTimeOffset();
}
