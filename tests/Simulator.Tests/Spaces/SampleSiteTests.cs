using Monitoring.Domain.Equipment;

namespace Monitoring.Simulator.Tests.Spaces;

public sealed class SampleSiteTests
{
    [Theory, InlineData("pilot-city"), InlineData("hardbruecke")]
    public void Sample_sites_compile(string name) => Assert.NotNull(Samples.Site(name));

    [Fact]
    public void The_pilot_city_has_what_pilots_have()
    {
        var site = Samples.Site("pilot-city").Site;
        Assert.Equal(["nice-massena", "nice-promenade", "nice-saleya", "liege-saint-lambert", "liege-marche", "turin-san-carlo", "turin-vittorio", "turin-murazzi"], site.Spaces.Select(space => space.Id));
        Assert.Equal([("Nice", "Europe/Paris"), ("Liège", "Europe/Brussels"), ("Turin", "Europe/Rome")], site.Spaces.Select(space => (space.City, space.TimeZone.Id)).Distinct());
        Assert.All(site.Spaces, space => Assert.Contains("schematic", space.Name, StringComparison.Ordinal));
        var devices = site.Spaces.SelectMany(space => space.Devices).ToList();
        foreach (var kind in Enum.GetValues<DeviceKind>())
            Assert.Contains(devices, device => device.Kind == kind);
        var mobile = Assert.Single(site.Spaces.Single(space => space.Id == "liege-saint-lambert").BarrierLines);
        Assert.All(mobile.Elements, element => Assert.Null(element.Device));
        Assert.Contains(site.Connections, connection => connection.Topics.Count > 1);
        Assert.Contains(site.Connections, connection => connection.Topics.Count == 1);
    }

    [Fact]
    public void The_notices_of_the_pilot_city_lack_nothing_and_say_that_they_are_invented()
    {
        foreach (var notice in Samples.Site("pilot-city").Site.Spaces.Select(space => space.Notice))
        {
            Assert.Contains("simulated", notice.Purpose, StringComparison.Ordinal);
            Assert.All([notice.ControlRoom, notice.Contact, notice.Authority, notice.Assessment, notice.Changes], text => Assert.Contains("invented", text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_device_of_the_pilot_city_has_one_connection_and_every_topic_a_device()
    {
        var (site, profiles) = Samples.Site("pilot-city");
        var devices = site.Spaces.SelectMany(space => space.Devices).ToList();
        var routes = new TopicRoutes(profiles.Values, devices);
        var speaking = site.Connections.SelectMany(connection => connection.Topics.SelectMany(topic => Assert.Single(routes.Of(topic)).Devices.Values.Select(device => (device.Id, connection.Name)))).Distinct();
        Assert.Equal(devices.Select(device => device.Id).Order(), speaking.Select(one => one.Id).Order());
    }

    [Fact]
    public void The_hardbruecke_map_names_devices_and_channels_of_its_site()
    {
        var space = Assert.Single(Samples.Site("hardbruecke").Site.Spaces);
        var map = Samples.Hardbruecke();
        Assert.Equal(8, map.Sensors.Count);
        Assert.All(map.Sensors.Values, sensor => Assert.Contains(space.Devices, device => device.Id == sensor.Device && device.Interval == map.Interval && device.Channels.Any(channel => channel.Name == sensor.Channel)));
        Assert.Equal(map.TimeZone, space.TimeZone);
    }
}
