using System.Text;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Equipment;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Exercises;

public sealed class PilotCityTests
{
    private const int Seed = 20261122;

    private static readonly Scene Quiet = Scenes.Of("quiet-evening");

    private static readonly CompiledSite Sample = Samples.Site("pilot-city");

    private static readonly TopicRoutes Routes = new(Sample.Profiles.Values, Sample.Site.Spaces.SelectMany(space => space.Devices));

    [Fact]
    public void The_same_seed_gives_the_same_messages()
    {
        Assert.Equal(Texts(Play(Seed, 300)), Texts(Play(Seed, 300)));
        Assert.NotEqual(Texts(Play(Seed, 300)), Texts(Play(Seed + 1, 300)));
    }

    [Fact]
    public void How_often_it_is_asked_changes_nothing()
    {
        var once = new PilotCity(Sample.Site, Quiet, Seed, Samples.Evening);
        var often = new PilotCity(Sample.Site, Quiet, Seed, Samples.Evening);
        var inSteps = Enumerable.Range(1, 240).SelectMany(i => often.AdvanceTo(Samples.Evening.AddSeconds(i * 0.5)));
        Assert.Equal(Texts(once.AdvanceTo(Samples.Evening.AddSeconds(120))), Texts(inSteps));
    }

    [Fact]
    public void Every_message_is_one_that_the_hub_reads()
    {
        foreach (var message in Play(Seed, 290))
            Assert.Null(Map(message).Refusal);
    }

    [Fact]
    public void The_city_lives_from_the_first_second()
    {
        var first = new PilotCity(Sample.Site, Quiet, Seed, Samples.Evening).AdvanceTo(Samples.Evening).Select(message => Map(message).Message!).SelectMany(message => message.Readings).ToList();
        Assert.All(first.OfType<OccupancyReading>(), occupancy => Assert.True(occupancy.People > 0));
        Assert.Equal(Sample.Site.Spaces.Sum(space => space.Devices.Sum(device => device.Channels.Count(channel => channel.Observes == ChannelSubject.People))), first.OfType<OccupancyReading>().Count());
        Assert.All(first.OfType<PositionReading>(), position => Assert.Equal(ElementPosition.Raised, position.Position));
        Assert.Equal(Sample.Site.Spaces.Sum(space => space.BarrierLines.Sum(line => line.Elements.Count(element => element.Device is not null))), first.OfType<PositionReading>().Count());
        Assert.Single(first.OfType<NoiseReading>());
        Assert.NotEmpty(first.OfType<HealthReading>());
    }

    [Theory, InlineData(0), InlineData(3), InlineData(17)]
    public void What_happens_does_not_depend_on_the_hour(int hour)
    {
        IEnumerable<int> PeopleFrom(DateTimeOffset start)
        {
            var city = new PilotCity(Sample.Site, Scenes.Of(Scenes.Programme), Seed, start);
            city.AdvanceTo(start.AddMinutes(5));
            city.AdvanceTo(start.AddMinutes(8));
            return Sample.Site.Spaces.SelectMany(space => space.Zones.Select(zone => city.Crowd(space.Id).PeopleIn(zone.Id))).ToList();
        }

        Assert.Equal(PeopleFrom(Samples.Evening), PeopleFrom(new DateTimeOffset(2027, 3, 9, hour, 41, 7, TimeSpan.Zero)));
    }

    [Fact]
    public void The_scene_is_played_again_and_again()
    {
        var city = new PilotCity(Sample.Site, Quiet, Seed, Samples.Evening);
        city.AdvanceTo(Samples.Evening.AddSeconds(299));
        Assert.Equal(TimeSpan.FromSeconds(299), city.SceneTime);
        city.AdvanceTo(Samples.Evening.AddSeconds(301));
        Assert.Equal(TimeSpan.FromSeconds(1), city.SceneTime);
    }

    [Fact]
    public void A_machine_that_slept_does_not_play_the_night_in_one_go()
    {
        var city = new PilotCity(Sample.Site, Quiet, Seed, Samples.Evening);
        city.AdvanceTo(Samples.Evening);
        Assert.True(city.AdvanceTo(Samples.Evening.AddHours(8)).Count < 100);
        Assert.Equal(Samples.Evening.AddHours(8), city.Now);
    }

    private static IReadOnlyList<DeviceReport> Play(int seed, int seconds) => new PilotCity(Sample.Site, Quiet, seed, Samples.Evening).AdvanceTo(Samples.Evening.AddSeconds(seconds));

    private static IEnumerable<string> Texts(IEnumerable<DeviceReport> reports) => reports.Select(report => report.Message).Select(message => $"{message.Topic} {Encoding.UTF8.GetString(message.Payload)}");

    private static MapOutcome Map(DeviceReport report) => Assert.Single(Routes.Of(report.Message.Topic)).Map(report.Message.Payload, Samples.Evening, DeviceClockWindow.Replay, retained: false);
}
