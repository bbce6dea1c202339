using System.CommandLine;
using System.Diagnostics;
using Monitoring.Harness;

namespace Monitoring.Benchmarks;

/// <summary>Time from starting the program to its line <c>ready</c>, and its memory when nothing happens.</summary>
internal static class StartupBenchmark
{
    public static Command Command()
    {
        var times = new Option<int>("--times") { Description = "Starts of each kind", DefaultValueFactory = _ => 7 };
        var settle = new Option<double>("--settle-seconds") { Description = "Time between ready and reading the memory", DefaultValueFactory = _ => 15 };
        var command = new Command("startup", "Start to ready, and memory idle") { times, settle };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(times), TimeSpan.FromSeconds(parsed.GetValue(settle)), cancellation));
        return command;
    }

    private static async Task RunAsync(int times, TimeSpan settle, CancellationToken cancellation)
    {
        var report = new Report("Start and idle memory", "what is started", "starts", "ms to ready: median (range)", "resident MB, idle: median (range)");
        using var folder = new TemporaryFolder();
        var site = folder.Write("site.yaml", new GeneratedSite(Spaces: 3, DevicesPerSpace: 5, PerDevice: false).ToYaml());
        await MeasureAsync(report, "own site of 3 spaces, empty data folder", times, settle, round => HubUnderTest.StartSiteAsync(folder.File($"new-{round}"), site, cancellation), cancellation);
        await MeasureAsync(report, "own site of 3 spaces, again on its data", times, settle, _ => HubUnderTest.StartSiteAsync(folder.File("new-0"), site, cancellation), cancellation);
        await MeasureAsync(report, "sample city with its simulator, empty data folder", times, settle, round => HubUnderTest.StartSampleCityAsync(folder.File($"city-{round}"), cancellation), cancellation);
        report.Write(FormattableString.Invariant($"Memory is read {settle.TotalSeconds} s after ready; nobody is connected, except the sample city's own simulator."));
    }

    private static async Task MeasureAsync(Report report, string what, int times, TimeSpan settle, Func<int, Task<HubUnderTest>> start, CancellationToken cancellation)
    {
        var (ready, resident) = (new List<double>(), new List<double>());
        for (var round = 0; round < times; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var hub = await start(round);
            ready.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(settle, TimeProvider.System, cancellation);
            using var use = new ProcessUse(hub.ProcessId);
            resident.Add(use.ResidentMB);
            Report.Progress($"{what}: ready after {ready[^1]:0} ms, {resident[^1]:0} MB");
            await hub.StopAsync(cancellation);
        }

        report.Add(what, $"{times}", Report.Spread(ready, "#,0"), Report.Spread(resident, "0"));
    }
}
