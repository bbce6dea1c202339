using System.Globalization;

namespace Monitoring.Domain.Alarms;

/// <summary>The alarms of one space: what is raised, how long each condition has held, which thresholds are changed for a time.</summary>
/// <remarks>Plain data in the space's one saved row, changed in the same step as what caused it: a crash cannot part them.</remarks>
public sealed class AlarmBook
{
    /// <summary>Who did what the hub did.</summary>
    public const string Hub = "hub";

    /// <summary>Number of the newest alarm.</summary>
    public long LastNumber { get; set; }

    /// <summary>Alarms that are not over: at most one per rule and subject.</summary>
    public List<Alarm> Open { get; init; } = [];

    /// <summary>Alarms that are over and not yet in the archive, oldest first.</summary>
    public List<Alarm> Closed { get; init; } = [];

    /// <summary>Timers by <c>rule/subject</c>.</summary>
    public Dictionary<string, AlarmCondition> Conditions { get; init; } = [];

    /// <summary>Thresholds changed for a time, at most one per rule and subject.</summary>
    public List<ThresholdChange> Changes { get; init; } = [];

    /// <summary>The threshold that applies; null where none is set.</summary>
    /// <param name="thresholds">The thresholds of the site.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="subject">Id of the zone or line.</param>
    /// <param name="now">The current instant: a change that has ended does not apply.</param>
    public Threshold? ThresholdFor(IReadOnlyList<Threshold> thresholds, string rule, string subject, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        var set = Nearest(thresholds.Where(threshold => threshold.Rule == rule), threshold => threshold.Subject, subject);
        return set is not null && ChangeFor(rule, subject, now) is { } change ? set with { On = change.On, Off = change.Off } : set;
    }

    /// <summary>The change of a threshold that applies; null where the site's level does.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="subject">Id of the zone or line.</param>
    /// <param name="now">The current instant.</param>
    public ThresholdChange? ChangeFor(string rule, string subject, DateTimeOffset now) =>
        Nearest(Changes.Where(change => change.Rule == rule && change.Until > now), change => change.Subject, subject);

    /// <summary>Compares a value with its threshold and moves the alarm of its rule and subject.</summary>
    /// <param name="space">Space id.</param>
    /// <param name="threshold">The threshold that applies.</param>
    /// <param name="sample">The value.</param>
    /// <param name="now">The current instant.</param>
    /// <param name="latest">Instant after which no alarm is said to have moved, whatever the device's clock says; null on a replay's clock, which follows the stamps.</param>
    /// <returns>The alarm as it is now, where it moved; null where nothing did.</returns>
    public Alarm? Judge(string space, Threshold threshold, AlarmSample sample, DateTimeOffset now, DateTimeOffset? latest = null)
    {
        ArgumentNullException.ThrowIfNull(threshold);
        var key = KeyOf(sample.Rule, sample.Subject);
        if (!Conditions.TryGetValue(key, out var condition))
            Conditions[key] = condition = new AlarmCondition();
        var outcome = condition.Step(threshold, sample);

        // Its timers ran in the device's time; what people are told of lies in no future.
        if (latest < sample.At)
            sample = sample with { At = latest.Value };
        var at = Open.FindIndex(open => open.Rule == sample.Rule && open.Subject == sample.Subject);
        if (at >= 0 && sample.Value > Open[at].Highest && Open[at].ReturnedAt is null)
            Open[at] = Open[at] with { Highest = sample.Value };
        return outcome switch
        {
            DwellOutcome.Over when at < 0 => Raise(space, Cause(space, threshold, sample), now),
            DwellOutcome.Over when Open[at].ReturnedAt is not null => RaiseAgain(at, Cause(space, threshold, sample), now),
            DwellOutcome.Under when at >= 0 && Open[at].ReturnedAt is null => Return(at, sample.At, $"{Value(sample)}, under {AlarmRule.Write(sample.Rule, threshold.Off)} for {Seconds(threshold.OffFor)} s", now),
            _ => null,
        };
    }

    /// <summary>A condition holds that has no threshold to be set: raises its alarm.</summary>
    /// <param name="owner">Begins the alarm's id.</param>
    /// <param name="cause">What holds.</param>
    /// <param name="now">The current instant.</param>
    /// <returns>The alarm as it is now, where it moved; null where it stood already.</returns>
    public Alarm? Hold(string owner, AlarmCause cause, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(cause);
        var at = Open.FindIndex(open => open.Rule == cause.Rule && open.Subject == cause.Subject);
        var moved = at < 0 ? Raise(owner, cause, now) : Open[at].ReturnedAt is not null ? RaiseAgain(at, cause, now) : null;
        at = at < 0 ? Open.Count - 1 : at;
        Open[at] = Open[at] with { Highest = Math.Max(Open[at].Highest, cause.Value), Text = cause.Text, ForTechnicians = cause.ForTechnicians };
        if (cause.ForTechnicians && Acknowledge(Open[at].Id, Hub, "the control room does not see this device", now) is (var taken, true))
            return taken;
        return moved is null ? null : Open[at];
    }

    /// <summary>Such a condition holds no more.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="subject">Id of what it is about.</param>
    /// <param name="cause">Why it is over, in words.</param>
    /// <param name="now">The current instant.</param>
    /// <returns>The alarm as it is now; null where it did not hold.</returns>
    public Alarm? End(string rule, string subject, string cause, DateTimeOffset now)
    {
        var at = Open.FindIndex(open => open.Rule == rule && open.Subject == subject && open.ReturnedAt is null);
        return at < 0 ? null : Return(at, now, cause, now);
    }

    /// <summary>A person takes an alarm.</summary>
    /// <param name="id">Id of the alarm.</param>
    /// <param name="by">Name of the person.</param>
    /// <param name="note">What the person notes; empty for nothing. At most <see cref="Alarm.NoteCharsMax"/> characters.</param>
    /// <param name="now">The current instant.</param>
    /// <returns>The alarm as it is now and whether this call took it; null where no such alarm is open.</returns>
    public (Alarm Alarm, bool Taken)? Acknowledge(string id, string by, string note, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(note);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(note.Length, Alarm.NoteCharsMax);
        var at = Open.FindIndex(open => open.Id == id);
        if (at < 0)
            return Closed.Find(closed => closed.Id == id) is { } closed ? (closed, false) : null;
        if (AlarmLife.Next(Open[at].State, AlarmEvent.Acknowledged) is not { } state)
            return (Open[at], false);
        var taken = Open[at].With(new AlarmTransition(now, now, AlarmEvent.Acknowledged, state, by, note)) with { AcknowledgedBy = by, AcknowledgedAt = now, Note = note.Length > 0 ? note : null };
        return (Put(at, taken, now), true);
    }

    /// <summary>Lets the conditions go for which the site sets no threshold any more: nothing would ever end their alarms.</summary>
    /// <param name="isSet">Whether a rule still has a threshold for a subject.</param>
    /// <param name="now">The current instant.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Release(Func<string, string, bool> isSet, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(isSet);
        var moved = false;
        foreach (var alarm in Open.Where(alarm => alarm.ReturnedAt is null && !isSet(alarm.Rule, alarm.Subject)).ToList())
        {
            Return(Open.IndexOf(alarm), now, "the site sets no threshold for it any more", now);
            moved = true;
        }

        foreach (var key in Conditions.Keys.Where(key => !isSet(key.Split('/')[0], key.Split('/')[1])).ToList())
            Conditions.Remove(key);
        return moved;
    }

    /// <summary>Changes a threshold for a time; a change of the same rule and subject is replaced. The timers of the rule begin anew.</summary>
    /// <param name="change">The change.</param>
    public void Change(ThresholdChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Changes.RemoveAll(known => known.Rule == change.Rule && known.Subject == change.Subject);
        Changes.Add(change);
        Restart(change);
    }

    /// <summary>Takes out the changes whose time is over.</summary>
    /// <param name="now">The current instant.</param>
    /// <returns>The changes that ended.</returns>
    public IReadOnlyList<ThresholdChange> EndChanges(DateTimeOffset now)
    {
        if (!Changes.Exists(change => change.Until <= now))
            return [];
        List<ThresholdChange> ended = [.. Changes.Where(change => change.Until <= now)];
        Changes.RemoveAll(ended.Contains);
        ended.ForEach(Restart);
        return ended;
    }

    private static string KeyOf(string rule, string subject) => $"{rule}/{subject}";

    private static T? Nearest<T>(IEnumerable<T> all, Func<T, string?> subjectOf, string subject)
        where T : class
    {
        T? general = null;
        foreach (var one in all)
        {
            if (subjectOf(one) == subject)
                return one;
            if (subjectOf(one) is null)
                general ??= one;
        }

        return general;
    }

    private Alarm Raise(string owner, AlarmCause cause, DateTimeOffset now)
    {
        LastNumber++;
        var alarm = new Alarm
        {
            Id = $"{owner}.{LastNumber.ToString(CultureInfo.InvariantCulture)}",
            Space = cause.Space,
            Rule = cause.Rule,
            Subject = cause.Subject,
            SubjectName = cause.SubjectName,
            Priority = cause.Priority,
            State = AlarmState.Unacknowledged,
            RaisedAt = cause.At,
            Value = cause.Value,
            Highest = cause.Value,
            Threshold = cause.Threshold,
            Unit = cause.Unit,
            Text = cause.Text,
        };
        alarm = alarm.With(new AlarmTransition(cause.At, now, AlarmEvent.Raised, AlarmState.Unacknowledged, Hub, alarm.Text));
        Open.Add(alarm);
        return alarm;
    }

    private Alarm RaiseAgain(int at, AlarmCause cause, DateTimeOffset now)
    {
        var again = Open[at].With(new AlarmTransition(cause.At, now, AlarmEvent.Raised, AlarmState.Unacknowledged, Hub, cause.Text)) with
        {
            RaisedAt = cause.At,
            ReturnedAt = null,
            Value = cause.Value,
            Highest = Math.Max(Open[at].Highest, cause.Value),
            Threshold = cause.Threshold,
            Priority = cause.Priority,
            Text = cause.Text,
            Raises = Open[at].Raises + 1,
        };
        return Put(at, again, now);
    }

    private Alarm Return(int at, DateTimeOffset time, string cause, DateTimeOffset now)
    {
        var state = AlarmLife.Next(Open[at].State, AlarmEvent.Returned) ?? throw new InvalidOperationException($"An alarm in state {Open[at].State} cannot return.");
        return Put(at, Open[at].With(new AlarmTransition(time, now, AlarmEvent.Returned, state, Hub, cause)) with { ReturnedAt = time }, now);
    }

    private Alarm Put(int at, Alarm alarm, DateTimeOffset now)
    {
        if (alarm.State != AlarmState.Closed)
            return Open[at] = alarm;
        Open.RemoveAt(at);
        var closed = alarm with { ClosedAt = now };
        Closed.Add(closed);
        return closed;
    }

    private void Restart(ThresholdChange change)
    {
        foreach (var key in Conditions.Keys.Where(key => change.Subject is null ? key.StartsWith($"{change.Rule}/", StringComparison.Ordinal) : key == KeyOf(change.Rule, change.Subject)).ToList())
            Conditions.Remove(key);
    }

    private static AlarmCause Cause(string space, Threshold threshold, AlarmSample sample) => new(
        sample.Rule,
        space,
        sample.Subject,
        sample.SubjectName,
        threshold.Priority,
        sample.Value,
        threshold.On,
        AlarmRule.UnitOf(sample.Rule),
        Text(threshold, sample),
        sample.At);

    private static string Text(Threshold threshold, AlarmSample sample) =>
        $"{(sample.Rule == AlarmRule.Density ? "Density" : "Flow")} at {sample.SubjectName}: {Value(sample)}, limit {AlarmRule.Write(sample.Rule, threshold.On)}{(threshold.OnFor > TimeSpan.Zero ? $" held for {Seconds(threshold.OnFor)} s" : "")}";

    private static string Value(AlarmSample sample) => $"{AlarmRule.Write(sample.Rule, sample.Value)} {AlarmRule.UnitOf(sample.Rule)}";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
