using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Equipment;
using Monitoring.Silo.Alarms;
using Monitoring.Silo.Spaces;

namespace Monitoring.Silo.Intake;

/// <summary>Owns the alarms of the way in. A gateway that falls silent clears nothing: what it said last holds until it says otherwise.</summary>
[KeepAlive]
internal sealed class IntakeAlarmsGrain(
    [PersistentState("intake-alarms")] IPersistentState<IntakeAlarmsState> row,
    [PersistentState("intake-alarms-over")] IPersistentState<AlarmArchive> archive,
    SiteCache sites,
    HubClock clock,
    IOptions<SpaceOptions> options,
    ILogger<IntakeAlarmsGrain> logger) : Grain, IIntakeAlarmsGrain
{
    /// <summary>Most journals remembered; the one that began first is forgotten.</summary>
    private const int JournalsMax = 64;

    private RowStore<IntakeAlarmsState> _store = null!;
    private AlarmDesk _desk = null!;

    private IntakeAlarmsState State => row.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new RowStore<IntakeAlarmsState>(row, "The row of the intake's alarms", DeactivateOnIdle, logger);
        _desk = new AlarmDesk(State, _store.SaveNowAsync, DeactivateOnIdle, archive, clock, () => GrainFactory.GetGrain<IAuditGrain>(0), logger);
        var beat = TimeSpan.FromMilliseconds(options.Value.CheckpointEveryMs);
        this.RegisterGrainTimer(HandOnAsync, beat, beat);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _store.SaveLastAsync(cancellationToken);

    public async Task ReportAsync(string gateway, Guid journal, IReadOnlyList<IntakeCondition> conditions, IReadOnlyList<string> unknown)
    {
        NoteJournal(gateway, journal);
        var moved = false;
        var told = conditions.Where(condition => IntakeRule.All.Contains(condition.Rule)).Take(IntakeAlarms.ConditionsMax).ToList();
        foreach (var condition in told)
            moved |= await HoldAsync(gateway, condition);
        foreach (var held in State.Held.Where(held => held.Gateway == gateway && !told.Exists(held.IsOf) && !unknown.Contains(held.Rule)).ToList())
            moved |= End(held);
        if (!moved)
            return;
        _store.Touch();
        _store.SaveSoon();
    }

    public Task<byte[]> GetOpenAsync() => Task.FromResult(_desk.Open());

    public Task<byte[]> GetOverAsync(DateTimeOffset? before, int max) => Task.FromResult(_desk.Over(before, max));

    public Task<AcknowledgeAnswer> AcknowledgeAsync(string alarm, string by, string note) => _desk.AcknowledgeAsync(alarm, by, note);

    private Task HandOnAsync(CancellationToken cancellation)
    {
        _desk.HandOn(_store);
        return Task.CompletedTask;
    }

    private async Task<bool> HoldAsync(string gateway, IntakeCondition condition)
    {
        // A device that has just left the site is nobody's: its alarm would be seen by those who may not know of it.
        if (await SubjectAsync(condition) is not var (space, name, forTechnicians))
            return false;
        var held = new HeldCondition(gateway, condition.Rule, condition.Subject);
        var isNew = !State.Held.Contains(held);
        if (isNew)
            State.Held.Add(held);
        var cause = IntakeRule.Cause(condition.Rule, space, condition.Subject, name, condition.Value, condition.Limit, clock.Now, forTechnicians);
        return State.Alarms.Hold(IntakeAlarms.Owner, cause, clock.Now) is not null || isNew;
    }

    private bool End(HeldCondition held)
    {
        State.Held.Remove(held);
        if (!State.Held.Exists(other => other.Rule == held.Rule && other.Subject == held.Subject))
            State.Alarms.End(held.Rule, held.Subject, $"{held.Gateway} says that it is over", clock.Now);
        return true;
    }

    private async Task<(string Space, string Name, bool ForTechnicians)?> SubjectAsync(IntakeCondition condition)
    {
        if (condition.Rule != IntakeRule.MessageRate)
            return ("", condition.Subject, false);
        foreach (var space in (await sites.SpacesAsync()).Values)
        {
            if (space.Devices.FirstOrDefault(device => device.Id == condition.Subject) is { } device)
                return (space.Id, device.Name, device.Purpose == DevicePurpose.Statistics);
        }

        return null;
    }

    private void NoteJournal(string gateway, Guid journal)
    {
        var own = new GatewayJournal(gateway, journal);
        if (State.Journals.Contains(own))
            return;
        if (State.Journals.FindLast(known => known.Gateway == gateway) is { } before
            && !_desk.TryNoteOfHub("journal-replaced", gateway, $"journal {before.Journal} is gone, {journal} began: what was accepted and not yet saved by its space is lost with it"))
            return;
        State.Journals.Add(own);
        if (State.Journals.Count > JournalsMax)
            State.Journals.RemoveAt(0);
        _store.Touch();
    }
}

/// <summary>The saved alarms of the way in.</summary>
internal sealed class IntakeAlarmsState : IAlarmRow
{
    /// <inheritdoc/>
    public AlarmBook Alarms { get; init; } = new();

    /// <inheritdoc/>
    public List<AuditNote> Unaudited { get; init; } = [];

    /// <inheritdoc/>
    public long LastNote { get; set; }

    /// <summary>What each gateway said last.</summary>
    public List<HeldCondition> Held { get; init; } = [];

    /// <summary>Journals seen, in the order in which they began.</summary>
    public List<GatewayJournal> Journals { get; init; } = [];
}

/// <summary>A journal and the gateway that keeps it.</summary>
/// <param name="Gateway">Name of the gateway.</param>
/// <param name="Journal">Id of the journal.</param>
internal sealed record GatewayJournal(string Gateway, Guid Journal);

/// <summary>A condition that a gateway says holds.</summary>
/// <param name="Gateway">Name of the gateway.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Subject">Id of the gateway or device.</param>
internal sealed record HeldCondition(string Gateway, string Rule, string Subject)
{
    public bool IsOf(IntakeCondition condition) => condition.Rule == Rule && condition.Subject == Subject;
}
