using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;
using Monitoring.Faults.Equipment;

namespace Monitoring.Faults.Spaces;

/// <summary>The check itself: it sees what it is there for.</summary>
public sealed class ReckoningTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Arrivals Arrived = new(Noon, Noon + TimeSpan.FromMinutes(1));
    private static readonly FaultSite Site = new(1, 1);
    private static readonly FleetScript Script = FleetScript.Of(Site.Gates, [Workloads.Repeats], 1, Noon, 120);

    [Fact]
    public void A_record_that_agrees_has_no_differences() => Assert.Empty(Differences(Outcome(), State(_ => 1)));

    [Fact]
    public void A_lost_message_is_named()
    {
        var lost = Script.Messages[7].Telling;
        Assert.Contains(Differences(Outcome(), State(telling => telling == lost ? 0 : 1)), line => line.Contains($"(lost: {lost.Body})", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_that_counts_twice_is_named()
    {
        var twice = Script.Messages[7].Telling;
        Assert.Contains(Differences(Outcome(), State(telling => telling == twice ? 2 : 1)), line => line.Contains($"(counted twice: {twice.Body})", StringComparison.Ordinal));
    }

    [Fact]
    public void A_loss_and_a_double_do_not_cancel()
    {
        var (lost, twice) = (Script.Messages[7].Telling, Script.Messages[8].Telling);
        Assert.NotEmpty(Differences(Outcome(), State(telling => telling == lost ? 0 : telling == twice ? 2 : 1)));
    }

    [Fact]
    public void A_reading_set_aside_without_a_cause_is_seen()
    {
        var state = State(_ => 1);
        state.Lines["gate-1"].SetAsideAt(SetAside.Late, Noon, FaultSite.Zone);
        Assert.Contains(Differences(Outcome(), state), line => line.Contains("1 set aside as Late, expected 0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_repeat_that_nobody_sent_is_seen()
    {
        var state = State(_ => 1);
        state.Lines["gate-1"].SetAsideAt(SetAside.Duplicate, Noon - TimeSpan.FromHours(1), FaultSite.Zone);
        Assert.Single(Differences(Outcome(), state));
    }

    [Fact]
    public void A_message_without_an_answer_may_be_in_or_not_and_never_twice()
    {
        var last = Script.Messages[^1];
        var without = Outcome() with { Accepted = Script.Messages.Select(message => message.Number).Where(number => number != last.Number).ToHashSet() };
        if (Script.Messages.Count(message => message.Telling == last.Telling) > 1)
            Assert.Fail("the last message is a repeat: take another seed");
        Assert.Empty(Differences(without, State(_ => 1)));
        Assert.Empty(Differences(without, State(telling => telling == last.Telling ? 0 : 1)));
        Assert.NotEmpty(Differences(without, State(telling => telling == last.Telling ? 2 : 1)));
    }

    [Fact]
    public void A_message_in_the_wrong_cell_is_seen()
    {
        var state = State(_ => 1);
        var (first, last) = (state.Lines["gate-1"].OpenCells.Keys.Min(), state.Lines["gate-1"].OpenCells.Keys.Max());
        state.Lines["gate-1"].OpenCells[first].In--;
        state.Lines["gate-1"].OpenCells[last].In++;
        Assert.NotEmpty(Differences(Outcome(), state));
    }

    [Fact]
    public void A_reading_that_was_late_for_the_live_picture_and_is_in_it_is_seen()
    {
        var state = State(_ => 1);
        state.Lines["gate-1"].Days.Values.First(day => day.CountedOpenOnly > 0).CountedOpenOnly--;
        Assert.Contains(Differences(Outcome(), state), line => line.Contains("counted in the open cell only, expected", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reading_in_no_open_cell_is_seen()
    {
        var state = State(_ => 1);
        state.Lines["gate-1"].Days.Values.First().CountedLiveOnly++;
        Assert.Contains(Differences(Outcome(), state), line => line.Contains("counted for the control room only, expected", StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_message_has_to_be_set_aside_as_unreadable()
    {
        var damaged = Script.Messages.First(message => Script.Messages.Count(other => other.Telling == message.Telling) == 1);
        var outcome = Outcome() with { Damaged = new HashSet<int> { damaged.Number } };
        var state = State(telling => telling == damaged.Telling ? 0 : 1);
        Assert.Contains(Differences(outcome, state), line => line.Contains("0 set aside as unreadable; damaged were 1", StringComparison.Ordinal));
        state.SetAsideElsewhere[SetAside.Unreadable] = 1;
        Assert.Empty(Differences(outcome, state));
    }

    [Fact]
    public void What_a_wrong_clock_tells_soon_after_midnight_counts_on_the_day_on_which_it_begins()
    {
        // Midnight in Zürich; the intervals are 20 minutes long, and end at their arrival.
        var midnight = new DateTimeOffset(2026, 6, 1, 22, 0, 0, TimeSpan.Zero);
        var script = FleetScript.Of(Site.Gates, [Workloads.WrongClock], 1, midnight, 60);
        var day = new DayTally { In = script.Messages.Sum(message => message.Telling.In), Out = script.Messages.Sum(message => message.Telling.Out) };
        script.Messages.ToList().ForEach(_ => day.Count(live: true, open: false));
        var state = new SpaceState();
        state.Lines["gate-1"] = new LineState { Days = { [new DateOnly(2026, 6, 1)] = day } };
        var outcome = new FleetOutcome(script.Messages.Select(message => message.Number).ToHashSet(), script.Messages.ToDictionary(message => message.Number, _ => 1), 0, []);
        var arrived = new Arrivals(midnight.AddMinutes(10), midnight.AddMinutes(11));
        Assert.Empty(new Reckoning(outcome, arrived, new DateOnly(2026, 5, 31), new DateOnly(2026, 5, 31)).Differences(script.Messages, _ => state));
    }

    private static IReadOnlyList<string> Differences(FleetOutcome outcome, SpaceState state) =>
        new Reckoning(outcome, Arrived, new DateOnly(2026, 5, 31), new DateOnly(2026, 5, 31)).Differences(Script.Messages, _ => state);

    private static FleetOutcome Outcome() =>
        new(Script.Messages.Select(message => message.Number).ToHashSet(), Script.Messages.ToDictionary(message => message.Number, _ => 1), 0, []);

    // Written as a space writes it, without asking whether it is right.
    private static SpaceState State(Func<Telling, int> times)
    {
        var line = new LineState();
        foreach (var same in Script.Messages.Select(message => message.Telling).GroupBy(telling => telling))
        {
            var day = LineState.LocalDay(same.Key.At, FaultSite.Zone);
            var quarter = LineState.QuarterHourOf(same.Key.At);
            line.Days.TryAdd(day, new DayTally());
            if (!Arrived.IsSurelySealed(same.Key))
                line.OpenCells.TryAdd(quarter, new PassageTally());
            for (var i = 0; i < times(same.Key); i++)
            {
                var open = !Arrived.IsSurelySealed(same.Key);
                line.Days[day].Count(live: !open || Noon - same.Key.End <= TimeSpan.FromMinutes(20), open);
                (line.Days[day].In, line.Days[day].Out) = (line.Days[day].In + same.Key.In, line.Days[day].Out + same.Key.Out);
                if (open)
                    (line.OpenCells[quarter].In, line.OpenCells[quarter].Out) = (line.OpenCells[quarter].In + same.Key.In, line.OpenCells[quarter].Out + same.Key.Out);
            }

            for (var i = 1; i < same.Count(); i++)
                line.SetAsideAt(SetAside.Duplicate, same.Key.At, FaultSite.Zone);
        }

        return new SpaceState { Lines = { ["gate-1"] = line } };
    }
}
