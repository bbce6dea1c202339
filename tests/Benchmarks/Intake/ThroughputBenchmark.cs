using System.CommandLine;
using System.Globalization;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.Intake;

/// <summary>Messages acknowledged per second, and processor time per message at a steady pace: the hub beside mosquitto and MQTTnet, which keep nothing. Load comes from <c>monitoring load</c>, a process of its own.</summary>
internal static class ThroughputBenchmark
{
    private const double PacedPerSecond = 1_000;
    private const double PacedSeconds = 10;
    private const double WarmUpSeconds = 2;

    private static readonly (int Connections, int InFlight)[] Shapes = [(50, 20), (200, 1), (1, 500), (1, 100)];

    public static Command Command()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds, each server once per round", DefaultValueFactory = _ => 3 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds measured of each turn, after 2 s of warming up", DefaultValueFactory = _ => 4 };
        var delay = new Option<double>("--delay-ms") { Description = "Added to each commit of the slow hub", DefaultValueFactory = _ => 4 };
        var command = new Command("throughput", "Accepted messages per second (50 connections x 20 in flight, 200 x 1, 1 x 500, 1 x 100), and processor time per message at 1,000/s") { rounds, seconds, delay };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(delay), cancellation));
        return command;
    }

    private static async Task RunAsync(int rounds, double seconds, double delayMs, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        var site = new GeneratedSite(Spaces: 10, DevicesPerSpace: 20, PerDevice: true);
        var siteFile = folder.Write("site.yaml", site.ToYaml());
        var devices = folder.Write("devices.json", GeneratedSite.ToJson(site.MakeSecrets(folder.File("data"))));
        var slowDevices = folder.Write("slow-devices.json", GeneratedSite.ToJson(site.MakeSecrets(folder.File("slow"))));
        var ports = (Mosquitto: Ports.TakeFree().Mqtt, Bare: Ports.TakeFree().Mqtt, Slow: Ports.TakeFree().Mqtt);
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", siteFile], cancellation, environment: Servers.AnyRate.ToDictionary(entry => "MONITORING__" + entry.Key.Replace(":", "__", StringComparison.Ordinal), entry => entry.Value));
        await using var mosquitto = await Mosquitto.StartAsync(folder, ports.Mosquitto, cancellation);
        await using var bare = await ServerProcess.StartAsync("bare", ports.Bare, [], cancellation);
        await using var slow = await ServerProcess.StartAsync("hub", ports.Slow, ["--data", folder.File("slow"), "--site", siteFile, "--delay-ms", delayMs.ToString(CultureInfo.InvariantCulture)], cancellation);
        List<Contender> contenders =
        [
            new("MQTTnet alone", bare.Id, ports.Bare, devices),
            new("**the hub, durable**", hub.ProcessId, hub.Ports.Mqtt, devices),
            new(FormattableString.Invariant($"**silo and gateway, {delayMs} ms added to each commit**"), slow.Id, ports.Slow, slowDevices),
        ];
        if (mosquitto is not null)
            contenders.Insert(0, new("mosquitto alone", mosquitto.Id, ports.Mosquitto, devices));
        else
            Report.Progress($"mosquitto is not installed: ratios are to MQTTnet alone");
        await MeasureRatesAsync(contenders, rounds, seconds, cancellation);
        await MeasurePacedAsync(contenders, rounds, cancellation);
    }

    private static async Task MeasureRatesAsync(List<Contender> contenders, int rounds, double seconds, CancellationToken cancellation)
    {
        var report = new Report("Accepted messages per second", "connections × in flight", "server", "acknowledged/s: median (range)", "ratio to the first in the same round", "p50 ms", "p99 ms", "refused, lost");
        foreach (var (connections, inFlight) in Shapes)
        {
            await TakeTurnsAsync(contenders, rounds, contender => contender.TakeTurnAsync(connections, inFlight, 0, seconds, cancellation));
            var first = contenders[0].Turns.ToList();
            foreach (var contender in contenders)
            {
                var loads = contender.Turns.ConvertAll(turn => turn.Load);
                report.Add(
                    $"{connections} × {inFlight}",
                    contender.Name,
                    Report.Spread(loads.Select(load => load.AckedPerSecond), "#,0"),
                    Report.Spread(loads.Zip(first, (load, beside) => load.AckedPerSecond / beside.Load.AckedPerSecond), "0.00"),
                    Report.Spread(loads.Select(load => load.P50Ms), "0.0"),
                    Report.Spread(loads.Select(load => load.P99Ms), "0.0"),
                    $"{loads.Sum(load => load.Refused)}, {loads.Sum(load => load.Lost)}");
            }

            contenders.ForEach(contender => contender.Turns.Clear());
        }

        report.Write(FormattableString.Invariant($"{rounds} rounds, in each every server once, in rotated order; {seconds} s measured after {WarmUpSeconds} s of warming up; the next turn begins when the server is idle."));
    }

    private static async Task MeasurePacedAsync(List<Contender> contenders, int rounds, CancellationToken cancellation)
    {
        var report = new Report("Processor time per message at 1,000 messages per second", "server", "µs per message: median (range)", "acknowledged/s", "p50 ms", "p99 ms");
        await TakeTurnsAsync(contenders, rounds, contender => contender.TakeTurnAsync(50, 20, PacedPerSecond, PacedSeconds, cancellation));
        foreach (var contender in contenders)
        {
            report.Add(
                contender.Name,
                Report.Spread(contender.Turns.Select(turn => turn.Processor.TotalMicroseconds / (turn.Load.AckedPerSecond * (PacedSeconds + WarmUpSeconds))), "0"),
                Report.Spread(contender.Turns.Select(turn => turn.Load.AckedPerSecond), "0"),
                Report.Spread(contender.Turns.Select(turn => turn.Load.P50Ms), "0.00"),
                Report.Spread(contender.Turns.Select(turn => turn.Load.P99Ms), "0.0"));
        }

        report.Write(FormattableString.Invariant($"50 connections; {PacedSeconds} s after {WarmUpSeconds} s of warming up. The time is all that the process takes from the first message until it is idle again, what it does each second for itself included."));
    }

    private static async Task TakeTurnsAsync(List<Contender> contenders, int rounds, Func<Contender, Task> turn)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var n = 0; n < contenders.Count; n++)
                await turn(contenders[(round + n) % contenders.Count]);
        }
    }
}
