using System.CommandLine;
using System.Diagnostics;
using Microsoft.Playwright;
using Monitoring.Benchmarks.Intake;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.Spaces;

/// <summary>A full control room: pages on the overview and readers of <c>/live</c> while a city of 50 spaces sends 1,000 messages a second.</summary>
internal static class ScreensBenchmark
{
    private const int Spaces = 50;
    private const int DevicesPerSpace = 20;
    private static readonly string ProbeSpace = $"space-{Spaces + 1}";
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(250);

    public static Command Command()
    {
        var pages = new Option<int>("--pages") { Description = "Pages on the overview", DefaultValueFactory = _ => 3 };
        var streams = new Option<int>("--streams") { Description = "Readers of /live", DefaultValueFactory = _ => 47 };
        var updates = new Option<long>("--updates") { Description = "States that the spaces publish before the load ends", DefaultValueFactory = _ => 100_000 };
        var command = new Command("screens", "Processor and memory with pages and streams open under 1,000 messages/s: needs Debian's chromium") { pages, streams, updates };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(pages), parsed.GetValue(streams), parsed.GetValue(updates), cancellation));
        return command;
    }

    private static async Task RunAsync(int pages, int streams, long updates, CancellationToken cancellation)
    {
        var report = new Report($"Screens: {pages} pages, {streams} streams, {Spaces} spaces × {DevicesPerSpace} devices × 1 message/s", "state", "resident MB", "CPU, % of one core");
        // One space more, with a counter of its own, whose people are measured on their way to the page.
        var site = new GeneratedSite(Spaces + 1, DevicesPerSpace, PerDevice: false);
        using var folder = new TemporaryFolder();
        var principals = site.MakeSecrets(folder.File("data"));
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", site.ToYaml()), cancellation);
        var password = await hub.Command(["users", "add", "duty", "--role", "operator"], cancellation);
        using var watching = await hub.OperatorAsync(cancellation);
        using var use = new ProcessUse(hub.ProcessId);
        var probe = new Probe(await Publisher.ConnectAsync(hub.Ports.Mqtt, principals[^1].Connection, principals[^1].Secret, cancellation), principals[^1].Topics);
        await probe.BeatAsync(cancellation);
        await probe.CountOneAsync(cancellation);
        await using var load = await SteadyLoad.ConnectAsync(hub.Ports.Mqtt, [.. principals.SkipLast(1)], cancellation);
        await StateAsync(report, "idle, all connected", use, cancellation);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = load.RunAsync(TimeSpan.FromHours(1), ending.Token);
        await StateAsync(report, "load, no screen", use, cancellation);
        await using var screens = await Screens.StartAsync(hub, "duty", password);
        var (seen, onStream) = (new SeenPeople(), new SeenPeople());
        List<IPage> opened = [await screens.OpenAsync(ProbeSpace, seen)];
        for (var i = 1; i < pages; i++)
            opened.Add(await screens.OpenAsync(ProbeSpace, new SeenPeople()));
        await StateAsync(report, $"load, {pages} pages", use, cancellation);
        List<Task> reading = [onStream.FollowAsync(watching, ProbeSpace, ending.Token), .. Enumerable.Range(1, streams - 1).Select(i => DrainAsync(hub, watching, $"space-{(i - 1) % Spaces + 1}", ending.Token))];
        await StateAsync(report, $"load, {pages} pages, {streams} streams", use, cancellation);

        var (held, before) = (await Screens.HoldsAsync(opened[0]), await PublishedAsync(watching, cancellation));
        var taken = new Taken([], [], []);
        var readings = new Readings(probe.CountOneAsync, onStream, seen);
        while (await PublishedAsync(watching, cancellation) - before < updates)
        {
            var some = await readings.PublishAsync(50, ProbeEvery, cancellation);
            taken.Stream.AddRange(some.Stream);
            taken.Page.AddRange(some.Page);
            await probe.BeatAsync(cancellation);
        }

        var published = await PublishedAsync(watching, cancellation) - before;
        var holds = await Screens.HoldsAsync(opened[0]);
        await StateAsync(report, "the same, at the end", use, cancellation);
        await ending.CancelAsync();
        await Task.WhenAll([sending, .. reading]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        report.Write(FormattableString.Invariant($"{published:#,0} states were published while the first page was measured: JavaScript heap after collection {held.HeapMB:0.0} MB before and {holds.HeapMB:0.0} MB after, DOM elements {held.Nodes} and {holds.Nodes}. Publish to live stream {DomBenchmark.Times(taken.Stream)} ms, to the page {DomBenchmark.Times(taken.Page)} ms (p50 / p99 / max of {taken.Page.Count} readings in a space of their own, {ProbeEvery.TotalMilliseconds:0} ms apart). Refused: {load.Refused}. Browser, load and hub share the processors."));
    }

    // States published by all spaces together.
    private static async Task<long> PublishedAsync(HttpClient http, CancellationToken cancellation)
    {
        var spaces = System.Text.Json.JsonDocument.Parse(await http.GetByteArrayAsync("api/spaces", cancellation));
        return spaces.RootElement.EnumerateArray().Sum(space => space.GetProperty("sequence").GetInt64());
    }

    private static async Task StateAsync(Report report, string state, ProcessUse use, CancellationToken cancellation)
    {
        await Task.Delay(Settle / 2, TimeProvider.System, cancellation);
        var (began, before) = (Stopwatch.GetTimestamp(), use.Processor);
        await Task.Delay(Settle, TimeProvider.System, cancellation);
        report.Add(state, FormattableString.Invariant($"{use.ResidentMB:0}"), FormattableString.Invariant($"{100 * (use.Processor - before) / Stopwatch.GetElapsedTime(began):0}"));
        Report.Progress($"{state}: {use.ResidentMB:0} MB");
    }

    private static async Task DrainAsync(HubUnderTest hub, HttpClient like, string space, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = hub.Address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = like.DefaultRequestHeaders.Authorization;
        using var stream = await http.GetStreamAsync(new Uri($"api/spaces/{space}/live", UriKind.Relative), cancellation);
        await stream.CopyToAsync(Stream.Null, cancellation);
    }

    /// <summary>The counter whose people are measured.</summary>
    private sealed class Probe(Publisher link, IReadOnlyList<string> topics)
    {
        public Task CountOneAsync(CancellationToken cancellation) => SendAsync(topics[0], "{\"channel\":\"" + GeneratedSite.Channel + "\",\"count\":{\"in\":1,\"out\":0}}", cancellation);

        public Task BeatAsync(CancellationToken cancellation) => Task.WhenAll(topics.Select(topic => SendAsync(topic, "", cancellation)));

        private async Task SendAsync(string topic, string reading, CancellationToken cancellation) =>
            await link.PublishAsync(topic, $$"""{"time":"{{TimeProvider.System.GetUtcNow():O}}","readings":[{{reading}}]}""", cancellation);
    }
}
