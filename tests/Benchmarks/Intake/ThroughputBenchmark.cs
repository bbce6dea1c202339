using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Monitoring.Harness;
using Monitoring.Simulator.Intake;

namespace Monitoring.Benchmarks.Intake;

/// <summary>Messages acknowledged per second, the hub beside MQTTnet that keeps nothing. Load comes from <c>monitoring load</c>, a process of its own.</summary>
internal static class ThroughputBenchmark
{
    private const string BareName = "MQTTnet, empty handler";
    private static readonly TimeSpan QuietWithin = TimeSpan.FromMinutes(3);
    private static readonly (int Connections, int InFlight)[] Shapes = [(1, 500), (50, 20)];

    public static Command Command()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds, each server once per round", DefaultValueFactory = _ => 5 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds measured of each run, after 2 s of warming up", DefaultValueFactory = _ => 5 };
        var delay = new Option<double>("--delay-ms") { Description = "Added to each commit of the slow hub", DefaultValueFactory = _ => 4 };
        var command = new Command("throughput", "Accepted messages per second: 1 connection x 500 in flight, 50 x 20") { rounds, seconds, delay };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(delay), cancellation));
        return command;
    }

    private static async Task RunAsync(int rounds, double seconds, double delayMs, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        var site = new GeneratedSite(Spaces: 10, DevicesPerSpace: 5, PerDevice: true);
        var siteFile = folder.Write("site.yaml", site.ToYaml());
        var devices = folder.Write("devices.json", GeneratedSite.ToJson(site.MakeSecrets(folder.File("data"))));
        var slowDevices = folder.Write("slow-devices.json", GeneratedSite.ToJson(site.MakeSecrets(folder.File("slow"))));
        var ports = (Bare: Ports.TakeFree().Mqtt, Kestrel: Ports.TakeFree().Mqtt, Slow: Ports.TakeFree().Mqtt);
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", siteFile], cancellation, environment: Servers.AnyRate.ToDictionary(entry => "MONITORING__" + entry.Key.Replace(":", "__", StringComparison.Ordinal), entry => entry.Value));
        await using var bare = await ServerProcess.StartAsync("bare", ports.Bare, [], cancellation);
        await using var kestrel = await ServerProcess.StartAsync("kestrel", ports.Kestrel, [], cancellation);
        await using var slow = await ServerProcess.StartAsync("hub", ports.Slow, ["--data", folder.File("slow"), "--site", siteFile, "--delay-ms", delayMs.ToString(CultureInfo.InvariantCulture)], cancellation);
        Contender[] contenders =
        [
            new(BareName, bare.Id, ports.Bare, devices),
            new("MQTTnet on Kestrel, empty handler", kestrel.Id, ports.Kestrel, devices),
            new("the hub, durable", hub.ProcessId, hub.Ports.Mqtt, devices),
            new(FormattableString.Invariant($"silo and gateway, {delayMs} ms added to each commit"), slow.Id, ports.Slow, slowDevices),
        ];
        var report = new Report("Accepted messages per second", "connections × in flight", "server", "acknowledged/s: median (range)", "ratio to the bare server in the same round", "p50 ms", "p99 ms", "refused, lost");
        foreach (var shape in Shapes)
            await MeasureAsync(report, shape, contenders, rounds, seconds, cancellation);
        report.Write(FormattableString.Invariant($"{rounds} rounds, in each every server once, in rotated order; {seconds} s measured after 2 s of warming up; a server's turn begins when all are idle."));
    }

    private static async Task MeasureAsync(Report report, (int Connections, int InFlight) shape, Contender[] contenders, int rounds, double seconds, CancellationToken cancellation)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var contender = contenders[(round + turn) % contenders.Length];
                var result = await LoadAsync(contender, shape, seconds, cancellation);
                contender.Results.Add(result);
                using var use = new ProcessUse(contender.ProcessId);
                var drained = await use.QuietAsync(QuietWithin, cancellation);
                Report.Progress($"{shape.Connections} x {shape.InFlight}, round {round + 1}, {contender.Name}: {result.AckedPerSecond:0}/s, p99 {result.P99Ms:0.0} ms; idle {drained.TotalSeconds:0.0} s later, {use.ResidentMB:0} MB");
            }
        }

        var bare = contenders[0].Results.ToList();
        foreach (var contender in contenders)
        {
            var results = contender.Results;
            report.Add(
                $"{shape.Connections} × {shape.InFlight}",
                contender.Name,
                Report.Spread(results.Select(result => result.AckedPerSecond), "#,0"),
                Report.Spread(results.Zip(bare, (result, beside) => result.AckedPerSecond / beside.AckedPerSecond), "0.00"),
                Report.Spread(results.Select(result => result.P50Ms), "0.0"),
                Report.Spread(results.Select(result => result.P99Ms), "0.0"),
                $"{results.Sum(result => result.Refused)}, {results.Sum(result => result.Lost)}");
            results.Clear();
        }
    }

    private static async Task<LoadResult> LoadAsync(Contender contender, (int Connections, int InFlight) shape, double seconds, CancellationToken cancellation)
    {
        var load = await HubCommand.RunAsync(
            ["load", "--mqtt", $"127.0.0.1:{contender.MqttPort}", "--devices", contender.DevicesFile, "--connections", $"{shape.Connections}", "--in-flight", $"{shape.InFlight}", "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--json"],
            cancellation);
        return load.ExitCode == 0
            ? JsonSerializer.Deserialize<LoadResult>(load.Output, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException($"The load on '{contender.Name}' ended with {load.ExitCode}: {load.Errors}");
    }

    private sealed record Contender(string Name, int ProcessId, int MqttPort, string DevicesFile)
    {
        public List<LoadResult> Results { get; } = [];
    }
}
