using System.Globalization;
using System.Net.Http.Json;
using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>The nights on which clocks change, with kills in them: each interval counts in the local day and the quarter-hour in which it starts.</summary>
public sealed class SummerTimeTests
{
    private static readonly FaultSite Site = new(2, 3);

    [Theory]
    [InlineData("2026-03-29T05:00:00Z")]
    [InlineData("2026-10-25T05:00:00Z")]
    public async Task A_day_of_23_or_25_hours_takes_what_happened_in_it(string morning)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var clock = DateTimeOffset.Parse(morning, CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        await using var hub = await TroubledHub.WholeAsync(folder, Site, cancellation, "--clock", "replay");
        using (var admin = hub.Front.Client())
            (await admin.PostAsJsonAsync("api/clock", new { to = clock }, cancellation)).EnsureSuccessStatusCode();
        Workload[] workloads = [Workloads.Nights, Workloads.Totals(65_536), Workloads.Repeats, Workloads.Disorder, Workloads.Nights, Workloads.Numbered];
        var script = FleetScript.Of(Site.Gates, workloads, RunSeed.Value, clock + TimeSpan.FromHours(18), Math.Min(2_000, KillPoints.MessagesOfEach));
        await new FaultTrial(hub, Site, script) { Clock = clock }.RunAsync(folder, [.. Enumerable.Repeat(Fault.Kill(TroubledHub.Whole), KillPoints.Few), Fault.Freeze(TroubledHub.Whole)], cancellation);
    }
}
