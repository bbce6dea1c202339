using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>A journal or state store that is away, slow or full, and a clock that is set wrong: nothing accepted is lost or doubled.</summary>
public sealed class StoresAndClockTests
{
    private static readonly FaultSite Site = new(2, 4);

    private static readonly TimeSpan Step = TimeSpan.FromHours(26);

    private static readonly Workload[] Everything =
        [Workloads.Paced(60), Workloads.Burst, Workloads.Totals(65_536), Workloads.Totals(null), Workloads.Repeats, Workloads.Disorder, Workloads.Numbered, Workloads.WrongClock];

    // All of them are believed by a clock that is a day off: what is older or newer is dated at its arrival.
    private static readonly Workload[] Believed = [Workloads.Paced(60), Workloads.Burst, Workloads.Totals(65_536), Workloads.Totals(null), Workloads.Repeats, Workloads.Disorder, Workloads.Numbered, Workloads.Burst];

    [Fact]
    public async Task A_journal_that_is_away_slow_or_full_accepts_nothing_that_it_does_not_keep() =>
        await RunAsync(Everything, default, default, default, [Fault.Ordered("journal fail", "journal ok"), Fault.Ordered("journal slow 150", "journal ok"), Fault.Ordered("journal full", "journal ok"), Fault.KillWithin("journal slow 50"), Fault.KillWithin("journal fail")]);

    [Fact]
    public async Task A_state_store_that_is_away_slow_or_full_loses_and_doubles_nothing() =>
        await RunAsync(Everything, default, default, default, [Fault.Ordered("state fail", "state ok"), Fault.Ordered("state slow 700", "state ok"), Fault.Ordered("state full", "state ok"), Fault.KillWithin("state slow 300"), Fault.KillWithin("state fail")]);

    [Fact]
    public async Task A_clock_that_is_set_26_hours_ahead_and_back_changes_no_count() =>
        await RunAsync(Believed, default, Step, Step, [Fault.Ordered("clock 26", "clock 0"), Fault.KillWithin("clock 26"), Fault.Ordered("clock 26", "clock 0")]);

    [Fact]
    public async Task A_clock_that_is_set_26_hours_back_and_right_again_changes_no_count() =>
        await RunAsync(Believed, TimeSpan.FromHours(-27), default, Step, [Fault.Ordered("clock -26", "clock 0"), Fault.KillWithin("clock -26"), Fault.Ordered("clock -26", "clock 0")]);

    private static async Task RunAsync(Workload[] workloads, TimeSpan newest, TimeSpan clockAhead, TimeSpan clockWrongBy, Fault[] faults)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await TroubledHub.FaultyAsync(folder, Site, cancellation);
        var script = FleetScript.Of(Site.Gates, workloads, RunSeed.Value, TimeProvider.System.GetUtcNow() + newest, KillPoints.MessagesOfEach);
        await new FaultTrial(hub, Site, script) { ClockAhead = clockAhead, ClockWrongBy = clockWrongBy }.RunAsync(folder, [.. Enumerable.Repeat(faults, KillPoints.Few).SelectMany(some => some)], cancellation);
    }
}
