using System.Text;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Tests.Exercises;

public sealed class PilotCityTests
{
    private const int Seed = 20261122;

    private static readonly (Site Site, EquipmentProfile Native) Sample = (Samples.Site("pilot-city").Site, Samples.Site("pilot-city").Profiles["native"]);

    [Fact]
    public void The_same_seed_gives_the_same_messages()
    {
        Assert.Equal(Texts(Play(Seed, 300)), Texts(Play(Seed, 300)));
        Assert.NotEqual(Texts(Play(Seed, 300)), Texts(Play(Seed + 1, 300)));
    }

    [Fact]
    public void How_often_it_is_asked_changes_nothing()
    {
        var once = new PilotCity(Sample.Site, Seed, Samples.Evening);
        var often = new PilotCity(Sample.Site, Seed, Samples.Evening);
        var inSteps = Enumerable.Range(1, 240).SelectMany(i => often.AdvanceTo(Samples.Evening.AddSeconds(i * 0.5)));
        Assert.Equal(Texts(once.AdvanceTo(Samples.Evening.AddSeconds(120))), Texts(inSteps));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Nobody_appears_or_vanishes_but_over_a_line(int seed)
    {
        var city = new PilotCity(Sample.Site, seed, Samples.Evening);
        var before = Sample.Site.Spaces.ToDictionary(space => space.Id, space => space.Zones.ToDictionary(zone => zone.Id, zone => city.Crowd(space.Id).PeopleIn(zone.Id)));
        city.AdvanceTo(Samples.Evening.AddSeconds(290));
        foreach (var space in Sample.Site.Spaces)
        {
            var crowd = city.Crowd(space.Id);
            foreach (var zone in space.Zones)
            {
                var balance = space.Lines.Sum(line => (line.To == zone.Id ? 1 : line.From == zone.Id ? -1 : 0) * (crowd.PassagesOf(line.Id).In - crowd.PassagesOf(line.Id).Out));
                Assert.Equal(before[space.Id][zone.Id] + balance, crowd.PeopleIn(zone.Id));
                Assert.True(crowd.PeopleIn(zone.Id) >= 0);
            }
        }
    }

    [Fact]
    public void Every_message_is_one_that_the_hub_reads()
    {
        foreach (var message in Play(Seed, 290))
            Assert.Null(Map(message).Refusal);
    }

    [Fact]
    public void What_counters_report_adds_up_to_what_passed_and_zero_is_not_sent()
    {
        var city = new PilotCity(Sample.Site, Seed, Samples.Evening);
        var sent = city.AdvanceTo(Samples.Evening.AddSeconds(280)).Concat(city.AdvanceTo(Samples.Evening.AddSeconds(290))).Select(message => Map(message).Message!).ToList();
        var counts = sent.SelectMany(message => message.Readings.OfType<CountReading>().Select(count => (message.DeviceId, Count: count))).ToList();
        Assert.All(counts, count => Assert.True(count.Count.In + count.Count.Out > 0));
        foreach (var space in Sample.Site.Spaces)
        {
            foreach (var (device, channel) in space.Devices.SelectMany(device => device.Channels.Where(channel => channel.Observes == ChannelSubject.Passages).Select(channel => (device, channel))))
            {
                var own = counts.Where(count => count.DeviceId == device.Id && count.Count.Channel == channel.Name).Select(count => count.Count).ToList();
                var passed = city.Crowd(space.Id).PassagesOf(channel.Subject);

                // What passed since the last report is still to come: at most one interval.
                Assert.InRange(passed.In - own.Sum(count => count.In), 0, passed.In / 2);
                Assert.All(own.Zip(own.Skip(1)), pair => Assert.True(pair.Second.From >= pair.First.Time));
            }
        }
    }

    [Fact]
    public void Every_device_sends_a_heartbeat_each_interval()
    {
        var heartbeats = Play(Seed, 290).Select(message => Map(message).Message!).Where(message => message.IsHeartbeat).ToLookup(message => message.DeviceId, message => message.Time);
        foreach (var device in Sample.Site.Spaces.SelectMany(space => space.Devices))
        {
            var times = heartbeats[device.Id].ToList();
            Assert.Equal(Samples.Evening, times[0]);
            Assert.True(times[1] - times[0] <= device.Interval);
            Assert.All(times.Skip(1).Zip(times.Skip(2)), pair => Assert.Equal(device.Interval, pair.Second - pair.First));
        }
    }

    [Fact]
    public void The_city_lives_from_the_first_second()
    {
        var first = new PilotCity(Sample.Site, Seed, Samples.Evening).AdvanceTo(Samples.Evening).Select(message => Map(message).Message!).SelectMany(message => message.Readings).ToList();
        Assert.All(first.OfType<OccupancyReading>(), occupancy => Assert.True(occupancy.People > 100));
        Assert.Equal(4, first.OfType<OccupancyReading>().Count());
        Assert.All(first.OfType<PositionReading>(), position => Assert.Equal(ElementPosition.Raised, position.Position));
        Assert.Equal(6, first.OfType<PositionReading>().Count());
        Assert.Single(first.OfType<NoiseReading>());
        Assert.NotEmpty(first.OfType<HealthReading>());
    }

    [Fact]
    public void A_bollard_says_at_once_that_it_moves_and_comes_up_again()
    {
        var city = new PilotCity(Sample.Site, Seed, Samples.Evening);
        var positions = Enumerable.Range(1, 30).SelectMany(i => city.AdvanceTo(Samples.Evening.AddMinutes(4 * i))).Select(message => Map(message).Message!)
            .SelectMany(message => message.Readings.OfType<PositionReading>().Select(position => (message.DeviceId, position.Channel, position.Position)))
            .Where(position => position is ("nice-bollard-sea", "b1", _)).Select(position => position.Position).ToList();
        var changes = positions.Where((position, i) => i == 0 || positions[i - 1] != position).ToList();
        Assert.Equal([ElementPosition.Raised, ElementPosition.Moving, ElementPosition.Lowered, ElementPosition.Moving, ElementPosition.Raised], changes.Take(5));
    }

    [Fact]
    public void Night_is_quieter_than_the_evening()
    {
        int PeopleAt(DateTimeOffset instant) => Sample.Site.Spaces.Sum(space => new PilotCity(Sample.Site, Seed, instant).Crowd(space.Id).People);
        Assert.True(PeopleAt(Samples.Evening.AddHours(9)) * 5 < PeopleAt(Samples.Evening));
    }

    [Fact]
    public void A_machine_that_slept_does_not_play_the_night_in_one_go()
    {
        var city = new PilotCity(Sample.Site, Seed, Samples.Evening);
        city.AdvanceTo(Samples.Evening);
        Assert.True(city.AdvanceTo(Samples.Evening.AddHours(8)).Count < 60);
        Assert.Equal(Samples.Evening.AddHours(8), city.Now);
    }

    private static IReadOnlyList<OutgoingMessage> Play(int seed, int seconds) => new PilotCity(Sample.Site, seed, Samples.Evening).AdvanceTo(Samples.Evening.AddSeconds(seconds));

    private static IEnumerable<string> Texts(IEnumerable<OutgoingMessage> messages) => messages.Select(message => $"{message.Topic} {Encoding.UTF8.GetString(message.Payload)}");

    private static MapOutcome Map(OutgoingMessage message) => Sample.Native.Map(message.Topic.Split('/')[1], message.Payload, Samples.Evening, DeviceClockWindow.Replay, retained: false);
}
