using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Faults.Equipment;

namespace Monitoring.Faults.Spaces;

/// <summary>Compares what the fleet saw accepted with what the spaces have recorded, line by line and day by day.</summary>
/// <param name="outcome">What the fleet saw.</param>
/// <param name="arrival">Local days on which messages may have arrived: those with a wrong clock count there.</param>
/// <param name="oldest">First local day that the hub still keeps; older ones it has forgotten by rule.</param>
internal sealed class Reckoning(FleetOutcome outcome, IReadOnlyList<DateOnly> arrival, DateOnly oldest)
{
    private readonly SortedDictionary<string, long> _fates = new(StringComparer.Ordinal);

    /// <summary>Readings by what became of them.</summary>
    public IReadOnlyDictionary<string, long> Fates => _fates;

    /// <summary>Where they differ, in words; nothing where each accepted reading has its one fate.</summary>
    public IReadOnlyList<string> Differences(IEnumerable<SaidMessage> expected, Func<string, SpaceState> stateOf)
    {
        var found = new List<string>(outcome.Refused.Select(refused => $"refused: {refused}"));
        foreach (var space in expected.GroupBy(message => message.Gate.Space))
        {
            var state = stateOf(space.Key);
            found.AddRange(state.SetAsideElsewhere.Select(aside => $"{space.Key}: {aside.Value} set aside as {aside.Key} that belong to no line"));
            foreach (var line in space.GroupBy(message => message.Gate.Line))
                found.AddRange(OfLine($"{space.Key} {line.Key}", [.. line], state.Lines.GetValueOrDefault(line.Key) ?? new LineState()));
        }

        return found;
    }

    private IEnumerable<string> OfLine(string name, List<SaidMessage> messages, LineState line)
    {
        var tallies = messages.GroupBy(BucketOf).Where(day => day.Key >= oldest).ToDictionary(day => day.Key, day => new DayExpectation([.. day], outcome));
        var recorded = line.Days.Where(day => day.Key >= oldest).GroupBy(day => Bucket(day.Key)).ToDictionary(day => day.Key, day => Sum(day.Select(one => one.Value)));
        foreach (var day in tallies.Keys.Union(recorded.Keys).Order())
        {
            var tally = recorded.GetValueOrDefault(day) ?? new DayTally();
            Note(tally);
            foreach (var difference in (tallies.GetValueOrDefault(day) ?? new DayExpectation([], outcome)).Differences(tally))
                yield return $"{name} {day:yyyy-MM-dd}: {difference}";
        }

        foreach (var difference in OfQuarterHours(messages, line))
            yield return $"{name} {difference}";
    }

    // Messages with a wrong clock fall where they arrive, and those that were never answered for may be in: such a line is compared by day only.
    private IEnumerable<string> OfQuarterHours(List<SaidMessage> messages, LineState line)
    {
        if (messages.Exists(message => message.Telling.AtArrival || (outcome.Attempts.ContainsKey(message.Number) && !outcome.Accepted.Contains(message.Number))))
            yield break;
        var told = messages.Where(message => outcome.Accepted.Contains(message.Number) && message.Telling.Fate == SetAside.None).Select(message => message.Telling).Distinct()
            .GroupBy(telling => LineState.QuarterHourOf(telling.At)).ToDictionary(quarter => quarter.Key, quarter => (In: quarter.Sum(telling => telling.In), Out: quarter.Sum(telling => telling.Out)));
        foreach (var quarter in told.Keys.Where(start => LineState.LocalDay(start, FaultSite.Zone) >= oldest.AddDays(1)).Union(line.OpenQuarterHours.Keys).Order())
        {
            var found = line.OpenQuarterHours.GetValueOrDefault(quarter) ?? new PassageTally();
            if ((found.In, found.Out) != told.GetValueOrDefault(quarter))
                yield return $"quarter-hour from {quarter:yyyy-MM-dd HH:mm}Z: in {found.In}, out {found.Out}; accepted were {told.GetValueOrDefault(quarter)}";
        }
    }

    private DateOnly BucketOf(SaidMessage message) => Bucket(message.Telling.AtArrival ? arrival[0] : LineState.LocalDay(message.Telling.At, FaultSite.Zone));

    // A run over midnight: messages with a wrong clock fall on either day, so the two are compared together.
    private DateOnly Bucket(DateOnly day) => arrival.Contains(day) ? arrival[0] : day;

    private static DayTally Sum(IEnumerable<DayTally> days)
    {
        var sum = new DayTally();
        foreach (var day in days)
        {
            (sum.In, sum.Out, sum.Counted) = (sum.In + day.In, sum.Out + day.Out, sum.Counted + day.Counted);
            foreach (var (reason, count) in day.SetAside)
                sum.SetAside[reason] = sum.SetAside.GetValueOrDefault(reason) + count;
        }

        return sum;
    }

    private void Note(DayTally tally)
    {
        _fates["counted"] = _fates.GetValueOrDefault("counted") + tally.Counted;
        foreach (var (reason, count) in tally.SetAside)
            _fates[NameOf(reason)] = _fates.GetValueOrDefault(NameOf(reason)) + count;
    }

    private static string NameOf(SetAside reason) => $"set aside: {reason}";
}
