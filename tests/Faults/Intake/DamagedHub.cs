using System.Globalization;
using System.Text.RegularExpressions;
using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>A hub that was killed with everything it had accepted still in its journal, because its state store was away.</summary>
internal sealed partial class DamagedHub : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder;
    private readonly TroubledHub _hub;
    private readonly FaultSite _site;
    private readonly HttpClient _watching;
    private readonly FleetOutcome _outcome;

    private DamagedHub(TemporaryFolder folder, TroubledHub hub, FaultSite site, FleetScript script, HttpClient watching, FleetOutcome outcome) =>
        (_folder, _hub, _site, Script, _watching, _outcome) = (folder, hub, site, script, watching, outcome);

    /// <summary>What was said, all of it accepted.</summary>
    public FleetScript Script { get; }

    /// <summary>The journal's file.</summary>
    public string Journal => _hub.Stored.Journal;

    /// <summary>What the hub said.</summary>
    public string Said => _hub.Output;

    /// <summary>Lets a fleet speak while the state store is away, then kills the hub.</summary>
    public static async Task<DamagedHub> StartAsync(FaultSite site, CancellationToken cancellation)
    {
        var folder = new TemporaryFolder();
        var hub = await TroubledHub.FaultyAsync(folder, site, cancellation);
        var secret = hub.Front.Secret(FaultSite.Connection);
        var watching = await hub.Front.OperatorAsync(cancellation);
        await hub.OrderAsync("state fail", cancellation);
        var script = FleetScript.Of(site.Gates, [Workloads.Disorder], RunSeed.Value, TimeProvider.System.GetUtcNow(), 60);
        await using var fleet = FleetRun.Start(folder, script, hub.MqttPort, secret);
        var outcome = await fleet.FinishAsync(Patience, cancellation);
        await hub.Front.KillAsync();
        return new DamagedHub(folder, hub, site, script, watching, outcome);
    }

    public Task StartAgainAsync(CancellationToken cancellation) => _hub.StartAgainAsync(TroubledHub.Whole, cancellation);

    /// <summary>Tries to start it.</summary>
    /// <returns>Why it does not.</returns>
    public async Task<string> RefusalAsync(string damage, CancellationToken cancellation)
    {
        FaultReport.Current.Struck($"{damage}: refused", idle: false);
        return (await Assert.ThrowsAsync<InvalidOperationException>(() => StartAgainAsync(cancellation))).Message;
    }

    /// <summary>Checks that everything is counted but what is in quarantine, and that this is set aside as unreadable.</summary>
    /// <param name="damage">What was done, for the report.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Messages in quarantine.</returns>
    public async Task<IReadOnlyList<SaidMessage>> CheckAsync(string damage, CancellationToken cancellation)
    {
        await Waiting.UntilAsync("the journal is read", () => Task.FromResult(_hub.Stored.JournaledRows() == 0), Patience, cancellation);
        var quarantined = _hub.Stored.Quarantined().Select(MessageOf).ToList();
        var lost = quarantined.Select(message => message.Number).ToHashSet();
        FaultReport.Current.Struck(damage, idle: false);
        await new FaultTrial(_hub, _site, Script).CheckAsync(_outcome with { Damaged = lost }, _watching, cancellation);
        return quarantined;
    }

    // The beginning of a damaged row still names its device and the end of its interval.
    private SaidMessage MessageOf(string body) => Script.Messages.Single(message =>
        body.Contains($"\"{message.Gate.Device}\"", StringComparison.Ordinal) && Stamp(body) == Stamp(message.Telling.Body));

    private static DateTimeOffset Stamp(string text) => DateTimeOffset.Parse(Time().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("\"time\":\"([^\"]+)\"")]
    private static partial Regex Time();

    public async ValueTask DisposeAsync()
    {
        _watching.Dispose();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }
}
