using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;
using Monitoring.Domain.Alarms;

namespace Monitoring.Gateway.Intake;

/// <summary>What holds at this gateway that somebody must know of. Asked by one caller.</summary>
internal sealed class IntakeConditions(
    IngestJournal journal,
    JournalAge age,
    Dispatcher dispatcher,
    BabblingDevices babbling,
    IOptions<IntakeOptions> intake,
    IOptions<GatewayOptions> gateway,
    HubClock clock)
{
    /// <summary>Part of the journal's size limit, in percent, at which it is said to fill.</summary>
    public const int FillingPercent = 70;

    /// <summary>How long a space may answer without having saved what it has; it saves every second.</summary>
    public static readonly TimeSpan UnsavedMax = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (long Saved, long Since)> _unsaved = new(StringComparer.Ordinal);

    /// <summary>All that holds now, the hub's own first.</summary>
    public IReadOnlyList<IntakeCondition> Now()
    {
        var name = gateway.Value.Name;
        List<IntakeCondition> holds = [];
        if (journal.Fault is not null)
            holds.Add(new(IntakeRule.JournalAway, name, 1, 1));
        if (journal.UsedPercent >= FillingPercent)
            holds.Add(new(IntakeRule.JournalFilling, name, Math.Round(journal.UsedPercent), FillingPercent));
        if (age.Oldest >= age.Limit)
            holds.Add(new(IntakeRule.JournalExpired, name, age.Limit.TotalHours, age.Limit.TotalHours));
        if (age.Oldest >= age.Limit / 2)
            holds.Add(new(IntakeRule.JournalAging, name, Math.Round(age.Oldest.TotalHours, 1), age.Limit.TotalHours / 2));
        if (age.DamagedLately > 0)
            holds.Add(new(IntakeRule.JournalDamaged, name, age.DamagedLately, 1));
        if (NotSaving() is > 0 and var spaces)
            holds.Add(new(IntakeRule.NotSaved, name, spaces, 1));
        foreach (var device in babbling.Now().Order(StringComparer.Ordinal))
            holds.Add(new(IntakeRule.MessageRate, device, intake.Value.DeviceMessagesPerSecondMax, intake.Value.DeviceMessagesPerSecondMax));
        return holds;
    }

    private int NotSaving()
    {
        var count = 0;
        foreach (var lane in dispatcher.Lanes)
        {
            bool waits;
            long saved;
            lock (lane.Gate)
                (waits, saved) = (lane is { Unsaved: true, CursorUnknown: false, Away: false }, lane.Saved);
            if (!waits)
                _unsaved.Remove(lane.Space);
            else if (!_unsaved.TryGetValue(lane.Space, out var before) || before.Saved != saved)
                _unsaved[lane.Space] = (saved, clock.Wall.GetTimestamp());
            else if (clock.Wall.GetElapsedTime(before.Since) >= UnsavedMax)
                count++;
        }

        return count;
    }
}

/// <summary>Tells the silo what holds at this gateway: at once when it changes, and again and again.</summary>
internal sealed class ConditionReports(IntakeConditions conditions, IngestJournal journal, IGrainFactory grains, IOptions<GatewayOptions> options, HubClock clock) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        IReadOnlyList<IntakeCondition> told = [];
        var toldAt = long.MinValue;
        using var timer = new PeriodicTimer(LookEvery, clock.Wall);
        do
        {
            var now = conditions.Now();
            if (toldAt != long.MinValue && now.SequenceEqual(told) && clock.Wall.GetElapsedTime(toldAt) < IntakeLinks.RenewEvery)
                continue;
            try
            {
                await grains.GetGrain<IIntakeAlarmsGrain>(0).ReportAsync(options.Value.Name, journal.Id, now);
                (told, toldAt) = (now, clock.Wall.GetTimestamp());
            }
#pragma warning disable CA1031 // The silo is away, which LinkKeeper says; it is told of what holds as soon as it is back.
            catch (Exception)
#pragma warning restore CA1031
            {
                toldAt = long.MinValue;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
