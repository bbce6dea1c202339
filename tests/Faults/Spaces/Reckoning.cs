using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Faults.Equipment;

namespace Monitoring.Faults.Spaces;

/// <summary>Compares what the fleet saw accepted with what the spaces have recorded, line by line and day by day.</summary>
/// <param name="outcome">What the fleet saw.</param>
/// <param name="arrivals">When the messages arrived: those with a wrong clock count on those local days.</param>
/// <param name="oldest">First local day that the hub still keeps; older ones it has forgotten by rule.</param>
/// <param name="totalsFrom">First local day whose totals it never forgot, by the clock that it had; of older ones it keeps the fates of readings.</param>
internal sealed class Reckoning(FleetOutcome outcome, Arrivals arrivals, DateOnly oldest, DateOnly totalsFrom)
{
    private readonly HashSet<DateOnly> _arrival = [LineState.LocalDay(arrivals.First, FaultSite.Zone), LineState.LocalDay(arrivals.Last, FaultSite.Zone)];
    private readonly SortedDictionary<string, long> _fates = new(StringComparer.Ordinal);

    /// <summary>Readings by what became of them.</summary>
    public IReadOnlyDictionary<string, long> Fates => _fates;

    /// <summary>Where they differ, in words; nothing where each accepted reading has its one fate.</summary>
    public IReadOnlyList<string> Differences(IEnumerable<SaidMessage> expected, Func<string, SpaceState> stateOf)
    {
        var found = new List<string>(outcome.Refused.Select(refused => $"refused: {refused}"));
        var messages = expected.ToList();
        // What a wrong clock tells is moved so that it ends at its arrival, and counts on the day on which it then begins.
        var longest = messages.Where(message => message.Telling.AtArrival).Select(message => message.Telling.End - message.Telling.At).DefaultIfEmpty().Max();
        _arrival.Add(LineState.LocalDay(arrivals.First - longest, FaultSite.Zone));
        foreach (var space in messages.GroupBy(message => message.Gate.Space))
        {
            var state = stateOf(space.Key);
            found.AddRange(OfNoLine(space.Key, space.Count(message => outcome.Damaged.Contains(message.Number)), state.SetAsideElsewhere));
            foreach (var line in space.GroupBy(message => message.Gate.Line))
                found.AddRange(OfLine($"{space.Key} {line.Key}", [.. line.Where(message => !outcome.Damaged.Contains(message.Number))], state.Lines.GetValueOrDefault(line.Key) ?? new LineState()));
        }

        return found;
    }

    private IEnumerable<string> OfNoLine(string space, long damaged, Dictionary<SetAside, long> found)
    {
        Note(found);
        if (found.GetValueOrDefault(SetAside.Unreadable) != damaged)
            yield return $"{space}: {found.GetValueOrDefault(SetAside.Unreadable)} set aside as unreadable; damaged were {damaged}";
        foreach (var aside in found.Where(aside => aside.Key != SetAside.Unreadable))
            yield return $"{space}: {aside.Value} set aside as {aside.Key} that belong to no line";
    }

    private IEnumerable<string> OfLine(string name, List<SaidMessage> messages, LineState line)
    {
        var tallies = messages.GroupBy(BucketOf).Where(day => day.Key >= oldest).ToDictionary(day => day.Key, day => new DayExpectation([.. day], outcome, arrivals));
        var recorded = line.Days.Where(day => day.Key >= oldest).GroupBy(day => Bucket(day.Key)).ToDictionary(day => day.Key, day => Sum(day.Select(one => one.Value)));
        foreach (var day in tallies.Keys.Union(recorded.Keys).Order())
        {
            var tally = recorded.GetValueOrDefault(day) ?? new DayTally();
            Note(tally);
            foreach (var difference in (tallies.GetValueOrDefault(day) ?? new DayExpectation([], outcome, arrivals)).Differences(tally, day >= totalsFrom && day >= line.TotalsFrom ? true : day < line.TotalsFrom ? false : null))
                yield return $"{name} {day:yyyy-MM-dd}: {difference}";
        }

        foreach (var difference in OfCells(messages, line))
            yield return $"{name} {difference}";
    }

    // Messages with a wrong clock fall where they arrive, and those that were never answered for may be in: such a line is compared by day only.
    private IEnumerable<string> OfCells(List<SaidMessage> messages, LineState line)
    {
        if (messages.Exists(message => message.Telling.AtArrival || (outcome.Attempts.ContainsKey(message.Number) && !outcome.Accepted.Contains(message.Number))))
            yield break;
        var told = messages.Where(message => outcome.Accepted.Contains(message.Number) && message.Telling.Fate == SetAside.None).Select(message => message.Telling).Distinct()
            .GroupBy(telling => LineState.QuarterHourOf(telling.At)).ToDictionary(quarter => quarter.Key, quarter => (In: quarter.Sum(telling => telling.In), Out: quarter.Sum(telling => telling.Out)));
        foreach (var quarter in told.Keys.Where(arrivals.IsSurelyOpen).Union(line.OpenCells.Keys.Where(cell => arrivals.IsSurelyOpen(cell) || arrivals.IsSurelySealed(cell))).Order())
        {
            var found = line.OpenCells.GetValueOrDefault(quarter) ?? new PassageTally();
            var accepted = arrivals.IsSurelySealed(quarter) ? default : told.GetValueOrDefault(quarter);
            if ((found.In, found.Out) != accepted)
                yield return $"cell from {quarter:yyyy-MM-dd HH:mm}Z: in {found.In}, out {found.Out}; accepted were {accepted}";
        }
    }

    private DateOnly BucketOf(SaidMessage message) => Bucket(message.Telling.AtArrival ? _arrival.Min() : LineState.LocalDay(message.Telling.At, FaultSite.Zone));

    // A run over midnight: messages with a wrong clock fall on either day, so the two are compared together.
    private DateOnly Bucket(DateOnly day) => _arrival.Contains(day) ? _arrival.Min() : day;

    private static DayTally Sum(IEnumerable<DayTally> days)
    {
        var sum = new DayTally();
        foreach (var day in days)
        {
            (sum.In, sum.Out, sum.Counted) = (sum.In + day.In, sum.Out + day.Out, sum.Counted + day.Counted);
            (sum.CountedOpenOnly, sum.CountedLiveOnly) = (sum.CountedOpenOnly + day.CountedOpenOnly, sum.CountedLiveOnly + day.CountedLiveOnly);
            foreach (var (reason, count) in day.SetAside)
                sum.SetAside[reason] = sum.SetAside.GetValueOrDefault(reason) + count;
        }

        return sum;
    }

    private void Note(DayTally tally)
    {
        Note("counted live and in the open cell", tally.CountedInBoth);
        Note("counted in the open cell only", tally.CountedOpenOnly);
        Note("counted for the control room only", tally.CountedLiveOnly);
        Note(tally.SetAside);
    }

    private void Note(Dictionary<SetAside, long> aside)
    {
        foreach (var (reason, count) in aside)
            Note($"set aside: {reason}", count);
    }

    private void Note(string fate, long count)
    {
        if (count != 0)
            _fates[fate] = _fates.GetValueOrDefault(fate) + count;
    }
}
