using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Faults.Equipment;

namespace Monitoring.Faults.Spaces;

/// <summary>What the record of one line and day has to say.</summary>
internal sealed class DayExpectation
{
    // Sums of more messages without an answer are not searched: a fleet that is killed has at most this many on a line.
    private const int UncertainMax = 16;

    private readonly List<Telling> _counted = [];
    private readonly List<Telling> _uncertain = [];
    private readonly SortedDictionary<SetAside, long> _aside = [];
    private readonly Arrivals _arrivals;
    private long _attemptsMore;

    /// <summary>Reckons with the messages that fall on the day, in the order of their numbers.</summary>
    public DayExpectation(IReadOnlyList<SaidMessage> messages, FleetOutcome outcome, Arrivals arrivals)
    {
        _arrivals = arrivals;
        foreach (var same in messages.GroupBy(message => message.Telling))
        {
            var accepted = same.Count(message => outcome.Accepted.Contains(message.Number));
            var attempts = same.Sum(message => outcome.Attempts.GetValueOrDefault(message.Number));
            _attemptsMore += attempts - accepted;
            if (accepted > 0)
            {
                (same.Key.Fate == SetAside.None ? _counted : []).Add(same.Key);
                if (same.Key.Fate != SetAside.None)
                    _aside[same.Key.Fate] = _aside.GetValueOrDefault(same.Key.Fate) + 1;
                if (accepted > 1)
                    _aside[SetAside.Duplicate] = _aside.GetValueOrDefault(SetAside.Duplicate) + accepted - 1;
            }
            else if (attempts > 0)
            {
                _uncertain.Add(same.Key);
            }
        }
    }

    /// <summary>Where a record differs, in words.</summary>
    /// <param name="found">The record.</param>
    /// <param name="hasTotals">Whether its passages are kept: true; forgotten by rule: false; null where a clock that was wrong may have had some forgotten.</param>
    public IEnumerable<string> Differences(DayTally found, bool? hasTotals)
    {
        if (hasTotals != true)
        {
            if (hasTotals == false && (found.In, found.Out) != (0, 0))
                yield return $"in {found.In}, out {found.Out} should be forgotten";
            if (found.Counted < _counted.Count || found.Counted > _counted.Count + _uncertain.Count)
                yield return $"{found.Counted} readings counted; accepted were {_counted.Count}";
        }
        else if (OfTotals(found) is { } wrong)
        {
            yield return wrong;
        }

        foreach (var difference in OfKinds(found))
            yield return difference;
        foreach (var reason in found.SetAside.Keys.Union(_aside.Keys))
        {
            var (expected, actual) = (_aside.GetValueOrDefault(reason), found.SetAside.GetValueOrDefault(reason));

            // An attempt without an answer may have been accepted: then the next one is a repeat.
            var mayBeMore = reason == SetAside.Duplicate ? _attemptsMore : 0;
            if (actual < expected || actual > expected + mayBeMore)
                yield return $"{actual} set aside as {reason}, expected {expected}{(mayBeMore > 0 ? $" to {expected + mayBeMore}" : "")}";
        }
    }

    private string? OfTotals(DayTally found)
    {
        var (moreIn, moreOut, more) = (found.In - _counted.Sum(telling => telling.In), found.Out - _counted.Sum(telling => telling.Out), found.Counted - _counted.Count);
        return (moreIn, moreOut, more) == (0, 0, 0) || IsUncertainSum(moreIn, moreOut, more)
            ? null
            : $"in {found.In}, out {found.Out} from {found.Counted} readings; accepted were {found.In - moreIn}, {found.Out - moreOut} from {_counted.Count}{Likely(moreIn, moreOut)}";
    }

    // Where a cell was sealed when a message came, or a message was late for the picture of now, it counts in one place only.
    private IEnumerable<string> OfKinds(DayTally found)
    {
        var all = _counted.Concat(_uncertain).ToList();
        var (least, most) = (_counted.Count(telling => _arrivals.IsSurelyLate(telling) && _arrivals.IsSurelyOpen(telling)), all.Count(telling => !_arrivals.IsSurelyLive(telling) && !_arrivals.IsSurelySealed(telling)));
        if (found.CountedOpenOnly < least || found.CountedOpenOnly > most)
            yield return $"{found.CountedOpenOnly} counted in the open cell only, expected {least} to {most}";
        var (leastLive, mostLive) = (_counted.Count(_arrivals.IsSurelySealed), all.Count(telling => !_arrivals.IsSurelyOpen(telling)));
        if (found.CountedLiveOnly < leastLive || found.CountedLiveOnly > mostLive)
            yield return $"{found.CountedLiveOnly} counted for the control room only, expected {leastLive} to {mostLive}";
    }

    private bool IsUncertainSum(long moreIn, long moreOut, long more)
    {
        if (_uncertain.Count == 0)
            return false;
        Assert.InRange(_uncertain.Count, 1, UncertainMax);
        return Enumerable.Range(1, (1 << _uncertain.Count) - 1).Any(chosen =>
        {
            var some = _uncertain.Where((_, i) => (chosen & (1 << i)) != 0).ToList();
            return some.Count == more && some.Sum(telling => telling.In) == moreIn && some.Sum(telling => telling.Out) == moreOut;
        });
    }

    // Values are unique: one message that is missing or doubled can be named.
    private string Likely(long moreIn, long moreOut)
    {
        if (_counted.Find(telling => telling.In == Math.Abs(moreIn) && telling.Out == Math.Abs(moreOut)) is not { } one)
            return "";
        return $" ({(moreIn < 0 ? "lost" : "counted twice")}: {one.Body})";
    }
}
