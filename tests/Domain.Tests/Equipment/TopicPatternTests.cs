using Monitoring.Domain.Equipment;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class TopicPatternTests
{
    [Theory]
    [InlineData("equipment/{device}/readings", "equipment/counter-1/readings", "counter-1")]
    [InlineData("{device}", "counter-1", "counter-1")]
    [InlineData("a/{site}/{device}", "a/x/y", "y")]
    public void It_names_the_device_of_a_topic(string pattern, string topic, string device) =>
        Assert.Equal(device, TopicPattern.Read(pattern)!.Match(topic)!["device"]);

    [Theory]
    [InlineData("equipment/counter-1")]
    [InlineData("equipment/counter-1/readings/more")]
    [InlineData("Equipment/counter-1/readings")]
    [InlineData("equipment/counter-1/Readings")]
    [InlineData("/equipment/counter-1/readings")]
    [InlineData("")]
    public void Another_topic_does_not_fit(string topic) => Assert.Null(TopicPattern.Read("equipment/{device}/readings")!.Match(topic));

    [Theory]
    [InlineData("")]
    [InlineData("equipment/x{device}/readings")]
    [InlineData("equipment/{}/readings")]
    [InlineData("equipment/{device")]
    [InlineData("equipment/{a{b}}/x")]
    [InlineData("{device}/{device}")]
    public void What_is_no_pattern_is_not_read(string pattern) => Assert.Null(TopicPattern.Read(pattern));

    [Fact]
    public void A_route_needs_a_device_of_the_site_with_that_profile()
    {
        var site = Square.Compile(Square.Yaml);
        var devices = site.Site.Spaces[0].Devices.ToDictionary(device => device.Id);
        TopicRoute? Find(string topic) => new TopicRoutes(site.Profiles.Values, devices.Values).Of(topic).SingleOrDefault();
        Assert.Equal("counter-1", Find("equipment/counter-1/readings")!.Devices.Values.Single().Id);
        Assert.Null(Find("equipment/counter-9/readings"));
        Assert.Null(Find("equipment//readings"));
        devices["counter-1"] = devices["counter-1"] with { Profile = "other" };
        Assert.Null(Find("equipment/counter-1/readings"));
    }
}
