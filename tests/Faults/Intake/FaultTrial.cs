using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Faults.Equipment;
using Monitoring.Faults.Spaces;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>Workload × fault × check: a fleet speaks, faults strike at points of its progress, and then each accepted reading has to have its one fate.</summary>
internal sealed class FaultTrial(TroubledHub hub, FaultSite site, FleetScript script)
{
    /// <summary>Ten times what the longest of these takes on a quiet machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DateTimeOffset _beganAt = TimeProvider.System.GetUtcNow();

    /// <summary>Where the hub's clock stands, for a replay's; null for the wall clock.</summary>
    public DateTimeOffset? Clock { get; init; }

    /// <summary>The farthest instant that the hub's clock has seen, from now: it forgets days by it.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>By how much the hub's clock is set wrong at times, in either direction.</summary>
    public TimeSpan ClockWrongBy { get; init; }

    /// <summary>Port that the fleet connects to, where that is not the hub's own.</summary>
    public int? Port { get; init; }

    /// <summary>Lets the fleet speak and the faults strike, each once so many messages are accepted; then checks.</summary>
    public async Task RunAsync(TemporaryFolder folder, IReadOnlyList<Fault> faults, CancellationToken cancellation)
    {
        var secret = hub.Front.Secret(FaultSite.Connection);
        using var watching = await hub.Front.OperatorAsync(cancellation);
        await using var fleet = FleetRun.Start(folder, script, Port ?? hub.MqttPort, secret);
        var chance = new Chance(RunSeed.Value, -1);
        var points = faults.Select(_ => script.Messages.Count / 50 + chance.Below(script.Messages.Count * 9 / 10)).Order().ToList();
        foreach (var (fault, point) in faults.Zip(points))
        {
            await fleet.AcceptedAsync(point, Patience, cancellation);
            FaultReport.Current.Struck(fault.Name, fleet.IsDone);
            await StrikeAsync(fault, chance, cancellation);
        }

        var outcome = await fleet.FinishAsync(Patience, cancellation);
        await CheckAsync(outcome, watching, cancellation);
    }

    /// <summary>Waits until everything accepted is saved, and compares.</summary>
    public async Task CheckAsync(FleetOutcome outcome, HttpClient watching, CancellationToken cancellation)
    {
        await SettleAsync(cancellation);
        var now = Clock ?? TimeProvider.System.GetUtcNow();
        var arrivals = new Arrivals(Clock ?? _beganAt, now, ClockWrongBy);
        var reckoning = new Reckoning(outcome, arrivals, Day(now + ClockAhead - IntervalSet.Memory), Day(now + ClockAhead).AddDays(-1));
        var differences = reckoning.Differences(script.Messages, hub.Stored.Space).Concat(await OnScreenAsync(watching, cancellation)).ToList();
        FaultReport.Current.Checked(script, outcome, reckoning.Fates, hub.ReadySeconds);
        Assert.True(differences.Count == 0, $"{RunSeed.Text}:{Environment.NewLine}{string.Join(Environment.NewLine, differences.Take(40))}{Environment.NewLine}The hub said:{Environment.NewLine}{Tail(hub.Output)}");
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        try
        {
            await Waiting.UntilAsync("every accepted message is saved by its space", () => Task.FromResult(hub.Stored.JournaledRows() == 0), Patience, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} {hub.Stored.JournaledRows()} are not. {RunSeed.Text}. The hub said:{Environment.NewLine}{Tail(hub.Output)}", late);
        }
    }

    // What is served has to be what is saved.
    private async Task<IEnumerable<string>> OnScreenAsync(HttpClient watching, CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var space in site.SpaceIds)
        {
            var shown = await watching.SpaceAsync(space, cancellation);
            var saved = hub.Stored.Space(space);
            var today = LineState.LocalDay(shown.AsOf, FaultSite.Zone);
            foreach (var line in shown.Lines)
            {
                var tally = (saved.Lines.GetValueOrDefault(line.Id) ?? new LineState()).Day(today);
                if ((tally.In, tally.Out) != (line.Day.In, line.Day.Out))
                    found.Add($"{space} {line.Id}: the API says {line.Day}, saved is {tally.In}, {tally.Out}");
            }
        }

        return found;
    }

    private async Task StrikeAsync(Fault fault, Chance chance, CancellationToken cancellation)
    {
        try
        {
            await fault.StrikeAsync(hub, chance, cancellation);
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{fault.Name}, {RunSeed.Text}: {wrong.Message}{Environment.NewLine}The hub said:{Environment.NewLine}{Tail(hub.Output)}", wrong);
        }
    }

    private static string Tail(string text) => text.Length > 6_000 ? text[^6_000..] : text;

    private static DateOnly Day(DateTimeOffset instant) => LineState.LocalDay(instant, FaultSite.Zone);
}
