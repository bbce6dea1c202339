using System.CommandLine;
using Microsoft.Playwright;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.Spaces;

/// <summary>Time from publishing a reading over MQTT to the changed cell in a signed-in page, by one process's clock.</summary>
internal static class DomBenchmark
{
    // The space publishes, and the page draws, at most every 50 ms: after this pause neither holds the next reading back.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    public static Command Command()
    {
        var readings = new Option<int>("--readings") { Description = "Readings, one after another", DefaultValueFactory = _ => 200 };
        var command = new Command("dom", "Publish to changed page: needs Debian's chromium") { readings };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(readings), cancellation));
        return command;
    }

    private static async Task RunAsync(int readings, CancellationToken cancellation)
    {
        var report = new Report("Publish to page", "readings", "acknowledged: p50 / p99 / max ms", "live stream: p50 / p99 / max ms", "page: p50 / p99 / max ms");
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 3600)), cancellation);
        var password = await hub.Command(["users", "add", "duty", "--role", "operator"], cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
        await publisher.CountAsync(1, 1, 0, cancellation);
        await publisher.BeatAsync("counter-1", TimeProvider.System.GetUtcNow(), cancellation);

        await using var screens = await Screens.StartAsync(hub, "duty", password);
        var (seen, stream) = (new SeenPeople(), new SeenPeople());
        using var watching = await hub.OperatorAsync(cancellation);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = stream.FollowAsync(watching, "square", leaving.Token);
        var page = await screens.OpenAsync("square", seen);
        var toThePageAndBack = await RoundTripAsync(page);

        var run = new Readings(token => publisher.CountAsync(1, 1, 0, token), stream, seen);
        await run.PublishAsync(20, Quiet, cancellation);
        foreach (var (what, pause) in ((string, TimeSpan)[])[("250 ms apart", Quiet), ("at once", TimeSpan.Zero)])
            Add(report, what, await run.PublishAsync(readings, pause, cancellation));
        report.Write(FormattableString.Invariant($"Each reading is published when the page shows the one before it. From the call that publishes: to its acknowledgement; to the event of `/api/spaces/square/live`; to the call by which the page reports its changed cell (MutationObserver). That last report is part of it: from the page to the measuring process and back takes {toThePageAndBack:0.0} ms (median), so about half of that is not the hub's."));
        await leaving.CancelAsync();
        await following;
    }

    private static void Add(Report report, string what, Taken taken)
    {
        report.Add($"{taken.Page.Count}, {what}", Times(taken.Acknowledged), Times(taken.Stream), Times(taken.Page));
        Report.Progress($"{what}: acknowledged {Times(taken.Acknowledged)}, stream {Times(taken.Stream)}, page {Times(taken.Page)}");
    }

    private static async Task<double> RoundTripAsync(IPage page)
    {
        var taken = await page.EvaluateAsync<double[]>("""
            async () => {
              const taken = [];
              for (let i = 0; i < 100; i++) {
                const began = performance.now();
                await window.seen("");
                taken.push(performance.now() - began);
              }
              return taken;
            }
            """);
        return Report.Quantile([.. taken.Order()], 0.5);
    }

    internal static string Times(List<double> taken)
    {
        var sorted = taken.Order().ToList();
        return FormattableString.Invariant($"{Report.Quantile(sorted, 0.5):0.0} / {Report.Quantile(sorted, 0.99):0.0} / {sorted[^1]:0.0}");
    }
}
