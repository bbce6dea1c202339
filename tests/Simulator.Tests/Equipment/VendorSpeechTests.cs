using System.Text;
using System.Text.Json;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Equipment;

/// <summary>What the hub's profiles make of the simulated vendors' messages is what the device saw.</summary>
public sealed class VendorSpeechTests
{
    private static readonly TopicRoutes Routes = new(Samples.Site("pilot-city").Profiles.Values, Played.Site.Spaces.SelectMany(space => space.Devices));

    private static readonly Played Hour = Played.Of(Scenes.Of(Scenes.Programme), 3_600);

    [Fact]
    public void At_least_three_devices_speak_as_their_makers_do() =>
        Assert.Equal(
            ["axis-3d-people-counter", "axis-object-analytics", "bollard-neuron", "milesight-vs133-chirpstack", "native"],
            Played.Site.Spaces.SelectMany(space => space.Devices).Select(device => device.Profile).Distinct().Order());

    [Theory]
    [InlineData("nice-saleya-camera", 700)]
    [InlineData("nice-saleya-counter-sea", 59)]
    [InlineData("liege-marche-lora", 119)]
    [InlineData("turin-bollard-east", 119)]
    public void An_hour_of_its_messages_maps_to_what_it_saw(string device, int atLeast)
    {
        var sent = Hour.By(device).ToList();
        Assert.True(sent.Count >= atLeast, $"{sent.Count} messages");
        foreach (var (sentAt, report) in sent)
        {
            var outcome = Assert.Single(Routes.Of(report.Message.Topic)).Map(report.Message.Payload, sentAt, DeviceClockWindow.Wall, retained: false);
            Assert.Null(outcome.Refusal);
            Assert.Equal(device, outcome.Message!.DeviceId);
            Assert.False(outcome.Message.ClockFaulty);
            Assert.Equal(report.Readings, outcome.Message.Readings.Where(reading => reading is CountReading or TotalReading or OccupancyReading or PositionReading));
            Assert.NotEmpty(report.Readings);
        }
    }

    [Fact]
    public void Every_message_of_the_city_is_one_that_the_hub_takes()
    {
        foreach (var (sentAt, report) in Hour.Sent)
        {
            var outcome = Assert.Single(Routes.Of(report.Message.Topic)).Map(report.Message.Payload, sentAt, DeviceClockWindow.Wall, retained: false);
            Assert.True(outcome.Message is not null, $"{report.Device}: {outcome.Refusal?.Text}");
        }
    }

    [Fact]
    public void The_vendors_forms_are_those_of_the_samples()
    {
        string Body(string device) => Encoding.UTF8.GetString(Hour.By(device).Skip(1).First().Report.Message.Payload);
        Assert.Equal(Names("""{"topic":"","timestamp":1,"serial":"","message":{"source":{},"key":{},"data":{"scenario":"","total":"","human":""}}}"""), Names(Body("nice-saleya-camera")));
        Assert.Contains("\"total\":\"", Body("nice-saleya-camera"), StringComparison.Ordinal);
        using var interval = JsonDocument.Parse(Body("nice-saleya-counter-sea"));
        var measured = interval.RootElement.GetProperty("data").GetProperty("measurements")[0];
        Assert.Equal(TimeSpan.FromMinutes(1), measured.GetProperty("utcTo").GetDateTimeOffset() - measured.GetProperty("utcFrom").GetDateTimeOffset());
        Assert.Equal(0, measured.GetProperty("utcTo").GetDateTimeOffset().Second);
        Assert.Equal(["in", "out"], measured.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("direction").GetString()));
        using var uplink = JsonDocument.Parse(Body("liege-marche-lora"));
        var bytes = Convert.ToHexStringLower(uplink.RootElement.GetProperty("data").GetBytesFromBase64());
        Assert.Matches("^03d2.{8}04d2.{8}06d2.{8}07d2.{8}0fe3.{8}$", bytes);
        Assert.Equal(Names("""{"timestamp":1,"node":"","group":"","values":{"position_pct":1,"cycle_count":1,"hydraulic_pressure_bar":1,"operating_hours":1,"bollard_status":1,"raised_position":true,"lowered_position":true,"obstacle_detected":true},"errors":{},"metas":{}}"""), Names(Body("turin-bollard-east")));
    }

    [Fact]
    public void A_stuck_bollard_says_so_as_its_gateway_does()
    {
        var stuck = Hour.By("turin-bollard-east").Select(sent => Encoding.UTF8.GetString(sent.Report.Message.Payload)).Where(body => body.Contains("\"obstacle_detected\":true", StringComparison.Ordinal)).ToList();
        Assert.True(stuck.Count >= 9);
        Assert.All(stuck, body => Assert.Contains("\"position_pct\":50,", body, StringComparison.Ordinal));
        Assert.All(stuck, body => Assert.Contains("\"bollard_status\":3,\"raised_position\":false,\"lowered_position\":false", body, StringComparison.Ordinal));
        Assert.All(stuck, body => Assert.Contains("\"errors\":{\"hydraulic_status\":3002}", body, StringComparison.Ordinal));
    }

    private static List<string> Names(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Walk(document.RootElement, "")];

        static IEnumerable<string> Walk(JsonElement element, string at) => element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().SelectMany(field => Walk(field.Value, $"{at}/{field.Name}").Prepend($"{at}/{field.Name}"))
            : [];
    }
}
