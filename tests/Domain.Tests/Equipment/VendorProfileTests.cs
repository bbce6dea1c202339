using System.Text;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

/// <summary>The profiles of the hub on messages of real equipment, as others published them.</summary>
public sealed class VendorProfileTests
{
    private const string SamplesVariable = "MONITORING_SAMPLES";
    private const string Analytics = "axis/B8A44F941234/event/CameraApplicationPlatform/ObjectAnalytics/Device1Scenario";
    private const string Uplink = "application/17c82e96-be03-4f38-aef3-f83d48582d97/device/0101010101010101/event/up";

    private static readonly DeviceClockWindow AnyYear = new(TimeSpan.FromDays(36_500), TimeSpan.FromDays(36_500));

    [Theory]
    [InlineData("axis-object-analytics", Analytics + "1", "s01-axis-aoa-occupancy.json", "B8A44F941234 2022-02-22T22:22:22.222 device1scenario1 occupancy 7")]
    [InlineData("axis-object-analytics", Analytics + "2", "s01-axis-aoa-crossline.json", "B8A44F941234 2022-02-22T22:22:22.222 device1scenario2 total 4/0")]
    [InlineData("axis-object-analytics", Analytics + "3", "s01-axis-aoa-area-active.json", "B8A44F941234 2022-02-22T22:22:22.222 device1scenario3 event area-active")]
    [InlineData("axis-3d-people-counter", "any", "s02-axis-3d-people-counter-interval.json", "b8a44fa89c85 2025-05-22T08:15:00.000 main count 1/2 from 08:14:00; up to 2025-05-22T08:15:00.000")]
    [InlineData("milesight-vs133-chirpstack", Uplink, "s05-chirpstack-v4-up-vs133.COMPOSED.json", "0101010101010101 2022-07-18T09:34:15.775 line-1 total 72/200 of 4294967296; 0101010101010101 2022-07-18T09:34:15.775 line-2 total 0/0 of 4294967296; 0101010101010101 2022-07-18T09:34:15.775 line-3 total 0/0 of 4294967296; 0101010101010101 2022-07-18T09:34:15.775 line-4 total 5300/6797 of 4294967296; up to 2022-07-18T09:34:15.775")]
    [InlineData("milesight-vs133-chirpstack", Uplink, "s05-chirpstack-v4-up.json", "0101010101010101 2022-07-18T09:34:15.775  event partly-decoded 0")]
    [InlineData("bollard-neuron", "any", "s15-bollard-neuron-values.COMPOSED.json", "bollard-1 2024-12-17T22:58:54.510 position position Raised; bollard-1 2024-12-17T22:58:54.510  health cycles 48213, operatingHours 9123, positionPercent 100, pressureBar 121.5; bollard-1 2024-12-17T22:58:54.510  event read-error-hydraulics 3002")]
    [InlineData("bollard-neuron", "any", "s15-bollard-neuron-transit.COMPOSED.json", "bollard-1 2024-12-17T22:58:58.710 position position Moving; bollard-1 2024-12-17T22:58:58.710  health positionPercent 37; bollard-1 2024-12-17T22:58:58.710 position event obstacle-detected")]
    [InlineData("bollard-neuron", "any", "s10-neuron-values-format.json", "grp 2022-04-15T07:06:28.943  event read-error-other 2014")]
    [InlineData("bollard-neuron", "any", "s10-neuron-tags-format.json", "grp 2022-03-17T06:09:49.075  event read-error-other 2014")]
    [InlineData("amsterdam-cmsa-v2", "any", "s06-amsterdam-v2-count-and-person.json", "GAVM-01-Vondelstraat 2020-06-12T15:06:00.000 line-0 count 15/12 from 15:05:00; GAVM-01-Vondelstraat 2020-06-12T15:05:00.000 zone-0 occupancy 5; up to 2020-06-12T15:06:00.000")]
    [InlineData("amsterdam-cmsa-v2", "any", "s06-amsterdam-v2-double-zone.json", "GADM-01 2021-02-03T13:56:00.000 gadm-01-total occupancy 2; GADM-01 2021-02-03T13:56:00.000 gadm-01-zone0 occupancy 1; up to 2021-02-03T13:56:00.000")]
    [InlineData("terabee-people-counting", "any", "s13-terabee-m-http.json", "pcm807d3a86224b 2000-01-01T00:14:31.000 main count 34/17")]
    [InlineData("terabee-people-counting", "any", "s13-terabee-xl-http.json", "FA21415EAEB7 1975-04-03T17:06:07.000 main total 23/12")]
    [InlineData("shelly-input", "shelly1minig3-543204522cb4/events/rpc", "s07-shelly-gen3-notifystatus.json", "shelly1minig3-543204522cb4 2024-12-17T22:58:54.510 switch-0 position Raised")]
    public void A_published_sample_comes_out_as_its_documents_say(string profile, string topic, string file, string readings) =>
        Assert.Equal(readings, Written(Map(profile, topic, Sample(file)).Message!));

    [Theory]
    [InlineData("s04-milesight-vs133-total.json", "line-1 total 72/200, line-2 total 0/0, line-3 total 0/0, line-4 total 5300/6797")]
    [InlineData("s04-milesight-vs133-region.json", "region-1 occupancy 2, region-2 occupancy 16, region-3 occupancy 7, region-4 occupancy 9")]
    [InlineData("s04-milesight-vs133-period.json", "")]
    public void The_bytes_of_a_published_uplink_are_read(string file, string readings)
    {
        using var sample = System.Text.Json.JsonDocument.Parse(Sample(file));
        var data = Convert.ToBase64String(Convert.FromHexString(sample.RootElement.GetProperty("hex").GetString()!));
        var message = Map("milesight-vs133-chirpstack", Uplink, Encoding.UTF8.GetBytes($$"""{"time":"2026-11-22T12:00:00Z","data":"{{data}}"}""")).Message;
        Assert.Equal(readings, string.Join(", ", (message?.Readings ?? []).Select(reading => $"{reading.Channel} {Value(reading).Split(" of")[0]}")));
    }

    [Fact]
    public void Tracks_of_single_people_yield_nothing()
    {
        var sample = Encoding.UTF8.GetString(Sample("s06-amsterdam-v2-count-and-person.json"));
        var person = sample.Replace("\"message_type\": \"count\"", "\"message_type\": \"person\"", StringComparison.Ordinal);
        Assert.NotEqual(sample, person);
        Assert.True(Map("amsterdam-cmsa-v2", "any", Encoding.UTF8.GetBytes(person)).IsDropped);
        Assert.DoesNotContain("3560f51a", Encoding.UTF8.GetString(Map("amsterdam-cmsa-v2", "any", Encoding.UTF8.GetBytes(sample)).Message!.ToBytes()), StringComparison.Ordinal);
    }

    // Only what a rule names passes: secrets at every place where a device may put something of its own never come out.
    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void What_no_rule_names_never_comes_out(int seed)
    {
        var random = new Random(seed);
        foreach (var (profile, topic, body) in Bodies())
        {
            var node = System.Text.Json.Nodes.JsonNode.Parse(body)!;
            Scatter(node, random);
            var outcome = Map(profile, topic, Encoding.UTF8.GetBytes(node.ToJsonString()));
            Assert.DoesNotContain("secret", outcome.Refusal?.Text ?? Encoding.UTF8.GetString(outcome.Message?.ToBytes() ?? []), StringComparison.Ordinal);
            Assert.Equal(Map(profile, topic, Encoding.UTF8.GetBytes(body)).Message?.Readings.Count, outcome.Message?.Readings.Count);
        }
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Whatever_bytes_come_each_profile_answers(int seed)
    {
        var random = new Random(seed);
        foreach (var (profile, topic, body) in Bodies())
        {
            for (var i = 0; i < 40; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(body);
                for (var k = random.Next(1, 5); k > 0; k--)
                    bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : bytes[random.Next(bytes.Length)];
                var outcome = Map(profile, topic, bytes);
                Assert.False(outcome is { Message: not null, Refusal: not null });
            }
        }
    }

    private static IEnumerable<(string Profile, string Topic, string Body)> Bodies() =>
    [
        ("axis-object-analytics", Analytics + "1", """{"timestamp":1767225600500,"message":{"source":{},"data":{"scenario":"Occupancy","total":"12","human":"9"}}}"""),
        ("axis-3d-people-counter", "any", """{"apiName":"Axis Retail Data","data":{"utcTo":"2026-11-22T08:02:00Z","measurements":[{"kind":"people-counts","utcFrom":"2026-11-22T08:00:00Z","utcTo":"2026-11-22T08:01:00Z","items":[{"direction":"in","count":4},{"direction":"out","count":0}]}]},"sensor":{"serial":"A1"}}"""),
        ("milesight-vs133-chirpstack", Uplink, """{"time":"2026-11-22T10:00:00Z","deviceInfo":{},"data":"A9IKAAAABNL/////D+MDAP8B"}"""),
        ("bollard-neuron", "any", """{"timestamp":1767225600000,"group":"b","values":{"bollard_status":2,"position_pct":0},"errors":{"hydraulic_status":3002}}"""),
        ("amsterdam-cmsa-v2", "any", """{"data":[{"sensor":"C","interval":60,"timestamp_start":"2026-11-22T09:00:00Z","message_type":"count","aggregate":[{"type":"line","id":"L","count_in":3,"count_out":0}]},{"message_type":"person","aggregate":[{"personId":"secret"}]}]}"""),
        ("terabee-people-counting", "any", """{"count_in":5,"count_out":2,"timestamp":"946684900","device_id":"AB12"}"""),
        ("shelly-input", "s/events/rpc", """{"src":"s","method":"NotifyStatus","params":{"ts":1767225600.25,"input:0":{"id":0,"state":false}}}"""),
    ];

    private static void Scatter(System.Text.Json.Nodes.JsonNode node, Random random)
    {
        if (node is System.Text.Json.Nodes.JsonArray array)
        {
            foreach (var item in array.OfType<System.Text.Json.Nodes.JsonNode>())
                Scatter(item, random);
            return;
        }

        if (node is not System.Text.Json.Nodes.JsonObject fields)
            return;
        foreach (var child in fields.Select(field => field.Value).OfType<System.Text.Json.Nodes.JsonNode>().ToList())
            Scatter(child, random);
        // Names under `errors` are counted as errors of an unnamed tag; everywhere else a new name means nothing.
        if (!fields.ContainsKey("hydraulic_status"))
            fields[$"secret{random.Next(9)}"] = random.Next(2) == 0 ? "secret name" : new System.Text.Json.Nodes.JsonArray("secret", 7);
    }

    private static MapOutcome Map(string profile, string topic, byte[] body)
    {
        var read = HubProfiles.All[profile];
        var segments = read.Topic is { } pattern ? pattern.Match(topic)! : new Dictionary<string, string>();
        return read.Map(MessageOrigin.Anyone(segments), body, Profiles.Noon, AnyYear, retained: false);
    }

    private static byte[] Sample(string file)
    {
        var folder = Environment.GetEnvironmentVariable(SamplesVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"missing: samples ({SamplesVariable})");
        return File.ReadAllBytes(Path.Combine(folder!, "payloads", file));
    }

    private static string Written(AcceptedMessage message)
    {
        var readings = message.Readings.Select(reading => FormattableString.Invariant($"{message.DeviceId} {reading.Time:yyyy-MM-ddTHH:mm:ss.fff} {reading.Channel} {Value(reading)}"));
        return string.Join("; ", message.Watermark is { } upTo ? readings.Append(FormattableString.Invariant($"up to {upTo:yyyy-MM-ddTHH:mm:ss.fff}")) : readings);
    }

    private static string Value(Reading reading) => reading switch
    {
        CountReading count => FormattableString.Invariant($"count {count.In}/{count.Out}{(count.From is { } from ? $" from {from:HH:mm:ss}" : "")}"),
        TotalReading total => $"total {total.In}/{total.Out}{(total.Modulus is { } modulus ? $" of {modulus}" : "")}",
        OccupancyReading occupancy => $"occupancy {occupancy.People}",
        PositionReading position => $"position {position.Position}",
        HealthReading health => "health " + string.Join(", ", health.Values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => FormattableString.Invariant($"{value.Key} {value.Value}"))),
        EventReading happened => $"event {happened.Type}{(happened.Code is { } code ? $" {code}" : "")}",
        _ => reading.GetType().Name,
    };
}
