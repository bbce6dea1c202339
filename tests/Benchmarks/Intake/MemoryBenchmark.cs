using System.CommandLine;
using System.Diagnostics;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.Intake;

/// <summary>Memory and processor time of the hub with 200 spaces of 10 devices that each send a message a second.</summary>
internal static class MemoryBenchmark
{
    public static Command Command()
    {
        var seconds = new Option<double>("--seconds") { Description = "Length of the load", DefaultValueFactory = _ => 40 };
        var spaces = new Option<int>("--spaces") { Description = "Spaces of 10 devices each", DefaultValueFactory = _ => 200 };
        var perDevice = new Option<bool>("--connection-per-device") { Description = "A connection for each device, and not one for each space" };
        var command = new Command("memory", "Memory idle and under the load of a large city") { seconds, spaces, perDevice };
        command.SetAction((parsed, cancellation) => RunAsync(new GeneratedSite(parsed.GetValue(spaces), 10, parsed.GetValue(perDevice)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation));
        return command;
    }

    private static async Task RunAsync(GeneratedSite site, TimeSpan length, CancellationToken cancellation)
    {
        var report = new Report($"Memory: {site.Spaces} spaces × {site.DevicesPerSpace} devices × 1 message/s, {site.Connections.Count} connections", "state", "resident MB", "CPU, % of one core", "accepted/s", "answered: p50 / p99 ms", "refused");
        using var folder = new TemporaryFolder();
        var principals = site.MakeSecrets(folder.File("data"));
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", site.ToYaml()), cancellation);
        using var admin = hub.Client();
        using var use = new ProcessUse(hub.ProcessId);
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, cancellation);
        await IdleAsync(report, "idle, nobody connected", use, cancellation);
        await using var load = await SteadyLoad.ConnectAsync(hub.Ports.Mqtt, principals, cancellation);
        await IdleAsync(report, $"idle, {principals.Count} connections", use, cancellation);

        var (began, before) = (Stopwatch.GetTimestamp(), use.Processor);
        var sending = load.RunAsync(length, cancellation);
        var highest = 0.0;
        while (!sending.IsCompleted)
        {
            highest = Math.Max(highest, use.ResidentMB);
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(0.5), TimeProvider.System, cancellation));
        }

        await sending;
        var took = Stopwatch.GetElapsedTime(began);
        report.Add(
            FormattableString.Invariant($"load for {length.TotalSeconds} s: highest"),
            FormattableString.Invariant($"{highest:0}"),
            Percent(use.Processor - before, took),
            FormattableString.Invariant($"{load.Accepted / took.TotalSeconds:#,0}"),
            FormattableString.Invariant($"{load.AnsweredMs(0.5):0.00} / {load.AnsweredMs(0.99):0.0}"),
            $"{load.Refused}");
        await IdleAsync(report, "idle again", use, cancellation);
        var counted = (await admin.IntakeAsync(cancellation)).GetProperty("accepted").GetInt64();
        report.Write(counted == load.Accepted
            ? FormattableString.Invariant($"Each of the {counted:#,0} acknowledged messages is counted as accepted by the hub.")
            : $"ATTENTION: {load.Accepted} messages were acknowledged, the hub counts {counted} as accepted.");
    }

    private static async Task IdleAsync(Report report, string state, ProcessUse use, CancellationToken cancellation)
    {
        var (began, before) = (Stopwatch.GetTimestamp(), use.Processor);
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellation);
        report.Add(state, FormattableString.Invariant($"{use.ResidentMB:0}"), Percent(use.Processor - before, Stopwatch.GetElapsedTime(began)), "–", "–", "–");
    }

    private static string Percent(TimeSpan used, TimeSpan of) => FormattableString.Invariant($"{100 * used / of:0}");
}
