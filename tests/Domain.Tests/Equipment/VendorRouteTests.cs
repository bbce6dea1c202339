using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

/// <summary>Which device of the site a vendor's message belongs to.</summary>
public sealed class VendorRouteTests
{
    private const string Yaml = """
        site: v
        name: V
        spaces:
          - id: square
            name: Square
            city: Turin
            timeZone: UTC
            zones: [{ id: plaza, name: Plaza, areaM2: 100, capacity: 200 }]
            lines: [{ id: north, name: North, widthM: 4, from: outside, to: plaza }]
            devices:
              - { id: sensor, kind: counter, profile: milesight-vs133-chirpstack, address: "0102", intervalSeconds: 60, channels: [{ name: line-1, line: north }] }
              - { id: camera, kind: counting-camera, profile: axis-object-analytics, address: ACCC8E, intervalSeconds: 60, parameters: { occupancy: [Plaza, Stage] }, channels: [{ name: s1, zone: plaza }] }
              - { id: b1, kind: bollard, profile: bollard-neuron, address: bollard-1, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
              - { id: b2, kind: bollard, profile: bollard-neuron, address: bollard-2, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
              - { id: b3, kind: bollard, profile: bollard-neuron, address: bollard-1, intervalSeconds: 60, parameters: { topic: plc/south }, channels: [{ name: position }] }
        connections:
          - { name: lora, topics: [application/x/device/0102/event/up] }
          - { name: camera, topics: [axis/ACCC8E/event/CameraApplicationPlatform/ObjectAnalytics/S1] }
          - { name: plc, topics: [plc/north, plc/south] }
        """;

    [Theory]
    [InlineData("plc/north", "bollard-1", "b1")]
    [InlineData("plc/north", "bollard-2", "b2")]
    [InlineData("plc/south", "bollard-1", "b3")]
    [InlineData("plc/south", "bollard-2", null)]
    [InlineData("plc/north", "b1", null)]
    public void The_body_names_one_of_the_devices_of_that_topic(string topic, string group, string? device)
    {
        var outcome = Route(topic).Map(Square.Utf8($$"""{"timestamp":1795348800000,"group":"{{group}}","values":{"bollard_status":1} }"""), Profiles.Noon, DeviceClockWindow.Wall, false);
        Assert.Equal(device, outcome.Message?.DeviceId);
        Assert.Equal(device is null ? RefusalReason.UnknownDevice : null, outcome.Refusal?.Reason);
    }

    [Fact]
    public void Channels_that_the_site_does_not_list_are_dropped_and_the_rest_is_kept()
    {
        var message = Route("application/x/device/0102/event/up").Map(Square.Utf8("""{"time":"2026-11-22T12:00:00Z","data":"A9IKAAAABNIAAAAABtIBAAAAB9IBAAAA"}"""), Profiles.Noon, DeviceClockWindow.Wall, false).Message!;
        Assert.Equal([new TotalReading("line-1", Profiles.Noon, 10, 0, 4_294_967_296)], message.Readings);
        Assert.Equal(("sensor", (DateTimeOffset?)Profiles.Noon), (message.DeviceId, message.KnownUpTo));
    }

    [Fact]
    public void A_message_whose_every_channel_is_unlisted_is_dropped_and_is_no_heartbeat() =>
        Assert.True(Route("application/x/device/0102/event/up").Map(Square.Utf8("""{"time":"2026-11-22T12:00:00Z","data":"D+MDAP8B"}"""), Profiles.Noon, DeviceClockWindow.Wall, false).IsDropped);

    [Theory]
    [InlineData("Plaza", 3)]
    [InlineData("Stage", 3)]
    [InlineData("Occupancy", null)]
    public void A_parameter_can_have_several_values(string scenario, int? people)
    {
        var outcome = Route("axis/ACCC8E/event/CameraApplicationPlatform/ObjectAnalytics/S1").Map(Square.Utf8($$"""{"timestamp":1795348800000,"message":{"data":{"scenario":"{{scenario}}","total":"3"} } }"""), Profiles.Noon, DeviceClockWindow.Wall, false);
        Assert.Equal(people, (outcome.Message?.Readings.Single() as OccupancyReading)?.People);
    }

    [Theory]
    [InlineData("address: \"0102\", ", "address: \"0103\", ", "no device of the site speaks on topic 'application/x/device/0102/event/up'")]
    [InlineData("topics: [plc/north, plc/south]", "topics: [plc/west]", "no device of the site speaks on topic 'plc/west'")]
    [InlineData("address: bollard-2", "address: bollard-1", "device 'b2' has the address of 'b1'")]
    [InlineData("parameters: { topic: plc/south }, ", "", "needs the parameter 'topic'")]
    [InlineData("{ occupancy: [Plaza, Stage] }", "{ occupancies: Plaza }", "has no parameter 'occupancies'")]
    [InlineData("{ occupancy: [Plaza, Stage] }", "{ occupancy: [] }", "is no value or list of values")]
    [InlineData("{ occupancy: [Plaza, Stage] }", "{ occupancy: { a: b } }", "is no value or list of values")]
    [InlineData("{ occupancy: [Plaza, Stage] }", "Plaza", "parameters is not a list of named values")]
    [InlineData("address: ACCC8E, ", "address: ACCC8E, purpose: live, unknown: 1, ", "unknown field 'unknown'")]
    public void A_site_that_leaves_it_open_is_refused(string good, string broken, string what)
    {
        Assert.Contains(good, Yaml, StringComparison.Ordinal);
        var (site, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", Yaml.Replace(good, broken, StringComparison.Ordinal), new Dictionary<string, string>()));
        Assert.Null(site);
        Assert.Contains(problems, problem => problem.What.Contains(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void An_address_has_at_most_128_characters(int length, bool fine) =>
        Assert.Equal(fine, CompiledSite.Compile(new SiteDocument("site.yaml", Yaml.Replace("ACCC8E", new string('A', length), StringComparison.Ordinal), new Dictionary<string, string>())).Site is not null);

    [Fact]
    public void A_parameter_that_a_profile_requires_has_to_be_given()
    {
        var profile = new Dictionary<string, string> { ["p.yaml"] = "profile: p\nversion: 1\nmatch: { topic: 'p/{device}' }\nparameters: { zone: { required: true } }\ntime: /t | iso $zone\nreadings:\n  - { event: { type: \"'x'\" } }\n" };
        IReadOnlyList<DocumentProblem> Problems(string parameters) => CompiledSite.Compile(new SiteDocument("site.yaml", Yaml.Replace("address: ACCC8E, ", "", StringComparison.Ordinal).Replace("profile: axis-object-analytics", "profile: p", StringComparison.Ordinal).Replace("{ occupancy: [Plaza, Stage] }", parameters, StringComparison.Ordinal).Replace("axis/ACCC8E/event/CameraApplicationPlatform/ObjectAnalytics/S1", "p/camera", StringComparison.Ordinal), profile)).Problems;
        Assert.Empty(Problems("{ zone: Europe/Brussels }"));
        Assert.Contains("needs the parameter 'zone'", Assert.Single(Problems("{ }")).What, StringComparison.Ordinal);
    }

    private static TopicRoute Route(string topic)
    {
        var site = Square.Compile(Yaml);
        return Assert.Single(new TopicRoutes(site.Profiles.Values, site.Site.Spaces[0].Devices).Of(topic));
    }
}
