using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;
using Monitoring.Domain.Alarms;

namespace Monitoring.Gateway.Intake;

/// <summary>What holds at this gateway that somebody must know of, and what it cannot say. Asked by one caller.</summary>
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

    /// <summary>Part under which it is said to fill no more.</summary>
    public const int FilledPercent = 60;

    /// <summary>How long a space may answer without having saved what it has; it saves every second.</summary>
    public static readonly TimeSpan UnsavedMax = TimeSpan.FromMinutes(1);

    /// <summary>How long a journal counts as away after it last refused: a disk that fails now and then must not ring now and then.</summary>
    public static readonly TimeSpan AwayHolds = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (long Saved, long Since)> _unsaved = new(StringComparer.Ordinal);
    private readonly long _started = clock.Wall.GetTimestamp();
    private long? _awayAt;
    private bool _filling;
    private volatile IReadOnlyList<IntakeCondition> _last = [];

    /// <summary>What held at the last look. For any caller.</summary>
    public IReadOnlyList<IntakeCondition> Last => _last;

    /// <summary>All that holds now, the hub's own first.</summary>
    public IReadOnlyList<IntakeCondition> Now()
    {
        var name = gateway.Value.Name;
        List<IntakeCondition> holds = [];
        if (IsAway())
            holds.Add(new(IntakeRule.JournalAway, name, 1, 1));
        _filling = journal.UsedPercent >= (_filling ? FilledPercent : FillingPercent);
        if (_filling)
            holds.Add(new(IntakeRule.JournalFilling, name, Math.Round(journal.UsedPercent), FillingPercent));
        if (age.HasExpired)
            holds.Add(new(IntakeRule.JournalExpired, name, age.Limit.TotalHours, age.Limit.TotalHours));
        if (age.Oldest >= age.Limit / 2)
            holds.Add(new(IntakeRule.JournalAging, name, Math.Round(Math.Min(age.Oldest.TotalHours, age.Limit.TotalHours), 1), age.Limit.TotalHours / 2));
        if (age.DamagedLately > 0)
            holds.Add(new(IntakeRule.JournalDamaged, name, age.DamagedLately, 1));
        if (NotSaving() is > 0 and var spaces)
            holds.Add(new(IntakeRule.NotSaved, name, spaces, 1));
        foreach (var device in babbling.Now().Order(StringComparer.Ordinal))
            holds.Add(new(IntakeRule.MessageRate, device, intake.Value.DeviceMessagesPerSecondMax, intake.Value.DeviceMessagesPerSecondMax));
        return _last = holds;
    }

    /// <summary>Rules of which nothing is known yet: what was said of them before a restart stands until it is.</summary>
    public IReadOnlyList<string> Unknown()
    {
        var ran = clock.Wall.GetElapsedTime(_started);
        List<string> unknown = [];
        if (!journal.HasCommitted)
            unknown.Add(IntakeRule.JournalAway);
        if (!age.IsKnown)
            unknown.AddRange([IntakeRule.JournalAging, IntakeRule.JournalExpired, IntakeRule.JournalDamaged]);
        if (ran < UnsavedMax)
            unknown.Add(IntakeRule.NotSaved);
        if (ran < BabblingDevices.Holds)
            unknown.Add(IntakeRule.MessageRate);
        return unknown;
    }

    private bool IsAway()
    {
        if (journal.Fault is not null)
            _awayAt = clock.Wall.GetTimestamp();
        return _awayAt is { } at && clock.Wall.GetElapsedTime(at) < AwayHolds;
    }

    // A space that does not answer at all has not saved either: only a save ends it.
    private int NotSaving()
    {
        var count = 0;
        foreach (var lane in dispatcher.Lanes)
        {
            bool isUnsaved, answers;
            long saved;
            lock (lane.Gate)
                (isUnsaved, answers, saved) = (lane.Unsaved, lane is { CursorUnknown: false, Away: false }, lane.Saved);
            var isKnown = _unsaved.TryGetValue(lane.Space, out var before);
            if (!isUnsaved)
                _unsaved.Remove(lane.Space);
            else if (isKnown && before.Saved == saved)
                count += clock.Wall.GetElapsedTime(before.Since) >= UnsavedMax ? 1 : 0;
            else if (answers)
                _unsaved[lane.Space] = (saved, clock.Wall.GetTimestamp());
        }

        return count;
    }
}
