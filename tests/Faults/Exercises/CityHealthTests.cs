using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Contracts.Spaces;
using Monitoring.Harness;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Faults.Exercises;

/// <summary>What the history keeps of the simulated city's equipment: battery and temperature, for the panels of technicians.</summary>
public sealed class CityHealthTests
{
    private const string Connection = "turin-murazzi-cabinet";

    private static readonly DateTimeOffset From = new(2026, 6, 2, 17, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task After_a_quarter_of_an_hour_battery_and_temperature_are_kept()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var file = Path.Combine(Repository.Root, "sites", "pilot-city", "site.yaml");
        var site = CompiledSite.Compile(new SiteDocument("site.yaml", await File.ReadAllTextAsync(file, cancellation), new Dictionary<string, string>())).Site!.Site;
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", file, "--clock", "replay"], cancellation);
        using var admin = await hub.NewClientAsync("the-admin", "admin", cancellation);
        using var technician = await hub.NewClientAsync("the-technician", "technician", cancellation);
        using var http = new HttpClient();
        var (quarter, token) = (From.AddMinutes(15), admin.DefaultRequestHeaders.Authorization!.Parameter!);
        var played = await new CityRun(http, TimeProvider.System, new ReplayProgress(TextWriter.Null, terminal: false, TimeProvider.System)).RunAsync(
            new CityRunOptions
            {
                City = new PilotCitySetup(site, new MqttEndpoint("127.0.0.1", hub.Ports.Mqtt), new Dictionary<string, string> { [Connection] = hub.Secret(Connection) }, RunSeed.Value),
                Api = hub.Address,
                Token = token,
                From = From,
                Until = quarter,
                Step = TimeSpan.FromMinutes(1),
            },
            cancellation);
        Assert.Equal((0, null), (played.Refused, played.FirstRefusal));
        Assert.Equal(["batteryPercent", "temperatureC", "uptimeSeconds"], await KeptAsync("turin-murazzi-barrier"));
        Assert.Empty(await KeptAsync("turin-murazzi-counter-north"));

        async Task<IEnumerable<string>> KeptAsync(string device)
        {
            JsonElement point = default;
            await Waiting.UntilAsync(
                $"the quarter of {device} is kept",
                async () =>
                {
                    var history = await technician.GetFromJsonAsync<JsonElement>($"api/history/devices/{device}?from={From:yyyy-MM-ddTHH:mm:ssZ}&to={quarter.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}", cancellation);
                    point = history.GetProperty("health").EnumerateArray().FirstOrDefault(row => row.GetProperty("at").GetDateTimeOffset() == quarter);
                    return point.ValueKind == JsonValueKind.Object;
                },
                TimeSpan.FromMinutes(2),
                cancellation);
            return point.GetProperty("values").EnumerateObject().Select(value => value.Name).Order(StringComparer.Ordinal).ToList();
        }
    }
}
