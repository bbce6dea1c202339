using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>What copies and pages read of the release ledger: what is out, and nothing else.</summary>
public sealed class ReleaseReadsTests : IDisposable
{
    private const string Space = "square";

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    private static readonly DateOnly Date = new(2026, 6, 2);

    private readonly TemporaryFolder _folder = new();

    private readonly ReleaseStore _store;

    public ReleaseReadsTests() => _store = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_row_that_is_withdrawn_after_it_was_copied_comes_again_at_the_next_tick_and_without_its_number()
    {
        var cells = Cells(3);
        _store.Release(Day(), cells, After(cells));
        var read = _store.Published(0, Later(cells), 100);
        Assert.Equal([1L, 2, 3], read.Select(stored => stored.Seq));

        var withdrawn = Later(cells) + TimeSpan.FromSeconds(2);
        Assert.Equal(3, _store.Withdraw(Space, Date, withdrawn));

        var tick = ReleaseTick.After(withdrawn);
        Assert.Empty(_store.Published(3, tick - TimeSpan.FromMilliseconds(1), 100));
        Assert.Equal(0, _store.LastPublished(tick - TimeSpan.FromMilliseconds(1)));
        var again = _store.Published(3, tick, 100);
        Assert.Equal(read.Select(stored => (stored.Seq + 3, stored.Number, stored.PublishAt, stored.Hash)), again.Select(stored => (stored.Seq, stored.Number, stored.PublishAt, stored.Hash)));
        Assert.All(again, stored => Assert.Equal((null, ReleaseReason.Withdrawn), (stored.Release.Value, stored.Release.Reason)));
        Assert.Equal(6, _store.LastPublished(tick));
        Assert.Empty(_store.Published(6, tick, 100));
        Assert.Equal(again, _store.Published(0, tick, 100));
        Assert.Null(_store.FirstChanged());
    }

    [Fact]
    public void The_next_tick_after_a_tick_is_a_whole_step_away()
    {
        var tick = new DateTimeOffset(2026, 6, 2, 10, 0, 5, TimeSpan.Zero);
        Assert.Equal(tick + ReleaseTick.Every, ReleaseTick.After(tick));
        Assert.Equal(tick, ReleaseTick.After(tick - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void A_row_that_is_withdrawn_before_it_is_out_comes_once_and_at_its_own_time()
    {
        var cells = Cells(1);
        _store.Release(Day(), cells, cells[0].Cell.To);
        _store.Withdraw(Space, Date, cells[0].Cell.To);

        Assert.Empty(_store.Published(0, After(cells) - TimeSpan.FromMilliseconds(1), 100));
        var read = Assert.Single(_store.Published(0, After(cells), 100));
        Assert.Equal((2L, ReleaseReason.Withdrawn), (read.Seq, read.Release.Reason));
    }

    [Fact]
    public void A_withdrawal_waits_behind_what_was_stored_before_it_and_is_not_out()
    {
        var cells = Cells(2);
        _store.Release(Day(), [cells[0]], cells[0].Cell.To);
        _store.Release(Day(Date.AddDays(1)), Cells(1, Date.AddDays(1)), After(Cells(1, Date.AddDays(1))));
        var now = After(Cells(1, Date.AddDays(1)));
        _store.Withdraw(Space, Date, now - ReleaseTick.Every);

        Assert.Empty(_store.Published(1, now, 100));
        Assert.Equal([2L, 3], _store.Published(1, now + ReleaseTick.Every, 100).Select(stored => stored.Seq));
    }

    [Fact]
    public void Cells_of_a_span_are_those_that_overlap_it_and_are_out()
    {
        var cells = Cells(96);
        _store.Release(Day(), cells, After(cells));
        var (from, now) = (cells[0].Cell.From, Later(cells));

        Assert.Equal(96, Between(from, from.AddDays(1), now).Count);
        Assert.Equal([cells[4].Cell.From, cells[5].Cell.From], Between(from.AddHours(1), from.AddMinutes(90), now));
        Assert.Equal([cells[4].Cell.From, cells[5].Cell.From], Between(from.AddMinutes(74), from.AddMinutes(76), now));
        Assert.Empty(Between(from.AddDays(1), from.AddDays(2), now));
        Assert.Empty(Between(from.AddDays(-1), from, now));
        Assert.Empty(Between(from, from.AddDays(1), After(cells)));
        Assert.Equal(2, _store.Between(Space, "gate/in", DateTimeOffset.MinValue, DateTimeOffset.MaxValue, now, max: 2).Count);
        Assert.Empty(_store.Between("elsewhere", "gate/in", from, from.AddDays(1), now));
    }

    [Fact]
    public void A_cell_that_was_stored_after_one_that_is_not_out_is_in_no_read()
    {
        var cells = Cells(3);
        _store.Release(Day(), [cells[2]], After(cells));
        _store.Release(Day(), [cells[0]], cells[0].Cell.To);
        var early = After(cells);

        Assert.Empty(Between(cells[0].Cell.From, cells[2].Cell.To, early));
        Assert.Empty(_store.SpentOn(Space, Date, Date, early));
        Assert.Empty(_store.Charges(Space, Date, Date, early));
        Assert.Equal(1_000_000, _store.Spent(Space, Date)[ReleaseKind.Flow]);
        Assert.Equal(2, Between(cells[0].Cell.From, cells[2].Cell.To, Later(cells)).Count);
    }

    [Fact]
    public void A_withdrawn_cell_is_told_as_such_at_once_and_never_vanishes()
    {
        var cells = Cells(2);
        _store.Release(Day(), cells, After(cells));
        var now = Later(cells) + TimeSpan.FromSeconds(1);
        _store.Withdraw(Space, Date, now);

        Assert.All(_store.Between(Space, "gate/in", cells[0].Cell.From, cells[1].Cell.To, now), stored => Assert.Equal(ReleaseReason.Withdrawn, stored.Release.Reason));
        var day = Assert.Single(_store.SpentOn(Space, Date, Date, now));
        Assert.Equal((1_000_000, 0, 2), (day.SpentMicro, day.Released, day.Without[ReleaseReason.Withdrawn]));
    }

    [Fact]
    public void Days_tell_what_was_spent_what_has_a_number_and_why_the_rest_has_none()
    {
        var cells = Cells(4);
        var now = Later(cells);
        _store.Release(Day(), [cells[0], cells[1] with { Coverage = new(0, 1) }], After(cells));
        _store.Release(Day(version: 2, plan: ReleasePlan.P60), [new SealedCell("gate/in", Day(version: 2, plan: ReleasePlan.P60).CellsOf(ReleaseKind.Flow)[1], 40, new(1, 1))], now.AddHours(1));
        _store.Release(Day(Date.AddDays(1)), Cells(1, Date.AddDays(1)), After(Cells(1, Date.AddDays(1))));

        var days = _store.SpentOn(Space, Date, Date.AddDays(1), now.AddDays(2));
        Assert.Equal([(Date, ReleaseKind.Flow, 1_000_000L, 1), (Date.AddDays(1), ReleaseKind.Flow, 1_000_000L, 1)], days.Select(day => (day.Day, day.Kind, day.SpentMicro, day.Released)));
        Assert.Equal([(ReleaseReason.NoData, 1), (ReleaseReason.TermsChanged, 1)], days[0].Without.Select(why => (why.Key, why.Value)).Order());
        Assert.Empty(days[1].Without);
        Assert.Single(_store.SpentOn(Space, Date.AddDays(1), Date.AddDays(9), now.AddDays(2)));

        var charges = _store.Charges(Space, Date, Date.AddDays(1), now.AddDays(2));
        Assert.Equal([Date, Date.AddDays(1)], charges.Select(charge => charge.Day));
        Assert.Contains($"plan {ReleasePlan.P15},", charges[0].Promise, StringComparison.Ordinal);
        Assert.Equal([new StreamId("counter-1/gate/in")], charges[0].Streams);
    }

    [Fact]
    public void Of_a_day_kind_and_reason_the_first_refusal_is_told_and_no_other()
    {
        var (day, other) = (Day(version: 2, plan: ReleasePlan.P60), Day(Date.AddDays(1)));
        List<SealedCell> late = [.. day.CellsOf(ReleaseKind.Flow).Skip(2).Take(3).Select(cell => new SealedCell("gate/in", cell, 40, new(1, 1)))];
        _store.Release(Day(), Cells(2), After(Cells(2)));
        _store.Release(other, Cells(1, other.Day.Date) is [var cell] ? [cell with { Coverage = new(0, 1) }] : [], other.Day.To);
        Assert.Empty(_store.Refusals(0, long.MaxValue));

        _store.Release(day, late[..2], day.Day.To);
        Assert.Equal(new ReleaseRefusal(Space, Date, ReleaseKind.Flow, ReleaseReason.TermsChanged, late[0].Cell.From), Assert.Single(_store.Refusals(0, long.MaxValue)));
        Assert.Single(_store.Refusals(3, 4));
        Assert.Empty(_store.Refusals(0, 3));

        // An hour later one more: the day is told already.
        _store.Release(day, late[2..], day.Day.To);
        Assert.Empty(_store.Refusals(5, long.MaxValue));
    }

    [Fact]
    public void A_space_is_known_from_its_first_release_on_and_no_other_is()
    {
        var cells = Cells(1);
        Assert.False(_store.Knows(Space));
        _store.Release(Day(), cells, After(cells));
        Assert.True(_store.Knows(Space));
        Assert.False(_store.Knows("elsewhere"));
    }

    private IReadOnlyList<DateTimeOffset> Between(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now) =>
        [.. _store.Between(Space, "gate/in", from, to, now).Select(stored => stored.Release.Key.From)];

    private static ReleaseDay Day(DateOnly? date = null, int version = 1, ReleasePlan? plan = null) => new ReleaseTerms(
        Space, version, Zone, Epsilon.DayDefault,
        [new ReleaseGroup(ReleaseKind.Flow, Epsilon.DayDefault, Sensitivity.FlowDefault, plan ?? ReleasePlan.P15, new SeriesMap(new Series("gate/in", new StreamId("counter-1/gate/in"))), 100_000)]).On(date ?? Date);

    private static List<SealedCell> Cells(int number, DateOnly? date = null) =>
        [.. Day(date).CellsOf(ReleaseKind.Flow).Take(number).Select(cell => new SealedCell("gate/in", cell, 40, new CellCoverage(1, 1)))];

    private static DateTimeOffset After(List<SealedCell> cells) => cells[^1].Cell.To + ReleaseTick.Grace;

    private static DateTimeOffset Later(List<SealedCell> cells) => After(cells) + ReleaseTick.Every;
}
