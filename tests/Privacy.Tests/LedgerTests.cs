namespace Monitoring.Privacy.Tests;

/// <summary>A budget is never passed, whatever is asked in whatever order; and a refusal draws nothing.</summary>
public sealed class LedgerTests
{
    private static readonly CellCoverage Alive = new(1, 1);

    [Fact]
    public void A07_No_sequence_of_terms_releases_and_restarts_passes_the_budget()
    {
        var full = 0;
        var refused = 0;
        Parallel.For(0, 100_000, _ =>
        {
            var (book, random, date, terms) = (new MemoryBook(), new CountedRandom(), Pipeline.FirstDay, Terms(1));
            for (var step = 0; step < 12; step++)
            {
                switch (Chances.Below(6))
                {
                    case 0: terms = Terms(terms.Version + 1); break;
                    case 1: date = date.AddDays(1); break;
                    case 2: book = new MemoryBook { Rows = new(book.Rows), Charges = [.. book.Charges] }; break;
                    default: Interlocked.Add(ref refused, Release(book, random, terms.On(date))); break;
                }
            }

            foreach (var day in book.Charges.GroupBy(charge => charge.Day))
            {
                var spent = new Ledger(book.Charges).SpentMicro("square", day.Key);
                Assert.InRange(spent, 1, 1_000_000);
                Assert.Equal(day.Sum(charge => charge.Epsilon.Micro), spent);
                Interlocked.Add(ref full, spent == 1_000_000 ? 1 : 0);
            }

            Assert.Equal(book.Rows.Values.Count(row => row.Value is not null), random.Draws);
            Assert.All(book.Rows.Values.Where(row => row.Value is not null), row => Assert.Contains(book.Charges, charge => charge.Day == row.Day && charge.Kind == row.Kind && charge.Epsilon == row.Epsilon));
        });
        Assert.True(full > 1_000 && refused > 1_000, $"{full} days were spent to the last millionth, {refused} releases were refused: too few to show anything.");
    }

    [Fact]
    public void A07_The_last_millionth_can_be_spent_and_no_more()
    {
        Assert.Equal(70, Second(400_000).Value);
        var refused = Second(400_001);
        Assert.Equal((null, "budget-spent"), (refused.Value, refused.Reason));
    }

    [Fact]
    public void A_budget_that_is_raised_during_the_day_holds_from_the_next()
    {
        var book = new MemoryBook();
        ReleaseOf(book, Flow(1_000_000), 1_000_000);
        Assert.Equal("budget-spent", ReleaseOf(book, Presence(1), 3_000_000).Reason);
        Assert.NotNull(ReleaseOf(book, Presence(1), 3_000_000, Pipeline.FirstDay.AddDays(1)).Value);
    }

    [Fact]
    public void Terms_that_change_during_the_day_hold_from_the_next_for_a_group_that_has_released()
    {
        var book = new MemoryBook();
        ReleaseOf(book, Flow(500_000), 1_000_000, cell: 0);
        foreach (var changed in (ReleaseGroup[])[Flow(400_000), Flow(500_000, ReleasePlan.P60), Flow(500_000, streams: ["a", "b"]), Flow(500_000, sensitivity: 8)])
            Assert.Equal("terms-changed", ReleaseOf(book, changed, 1_000_000, cell: 8).Reason);
        Assert.NotNull(ReleaseOf(book, Flow(500_000), 1_000_000, cell: 9).Value);
        Assert.NotNull(ReleaseOf(book, Flow(400_000), 1_000_000, Pipeline.FirstDay.AddDays(1)).Value);
    }

    [Fact]
    public void Neither_a_new_name_nor_another_zone_opens_a_second_budget_for_the_same_passages()
    {
        var book = new MemoryBook();
        ReleaseOf(book, Flow(500_000), 1_000_000);
        Assert.Equal("stream-elsewhere", ReleaseOf(book, Flow(500_000), 1_000_000, space: "plaza").Reason);
        Assert.Equal("stream-elsewhere", ReleaseOf(book, Flow(500_000), 1_000_000, space: "plaza", zone: TimeZoneInfo.Utc).Reason);
        Assert.Equal("stream-elsewhere", ReleaseOf(book, Flow(500_000), 1_000_000, Pipeline.FirstDay.AddDays(-1), space: "plaza", zone: TimeZoneInfo.Utc).Reason);
        Assert.Equal("stream-elsewhere", ReleaseOf(book, Presence(1, "a"), 1_000_000).Reason);
        Assert.Equal("terms-changed", ReleaseOf(book, Flow(500_000), 1_000_000, zone: TimeZoneInfo.Utc).Reason);
        Assert.NotNull(ReleaseOf(book, Flow(500_000, streams: ["other"]), 1_000_000, cell: 1, space: "plaza").Value);
        Assert.NotNull(ReleaseOf(book, Flow(500_000), 1_000_000, Pipeline.FirstDay.AddDays(1), space: "plaza", zone: TimeZoneInfo.Utc).Value);
    }

    private static Released Second(long micro)
    {
        var book = new MemoryBook();
        ReleaseOf(book, Flow(600_000), 1_000_000);
        return ReleaseOf(book, Presence(micro), 1_000_000);
    }

    private static int Release(MemoryBook book, CountedRandom random, ReleaseDay day)
    {
        var group = Chances.Pick(day.Terms.Groups);
        var before = random.Draws;
        var cell = new SealedCell(group.Series.Series[0].Name, Chances.Pick(day.CellsOf(group.Kind)), 50, Alive);
        var released = ReleaseMechanism.Release(book, day, cell, random);
        Assert.True(released.Value is not null || random.Draws == before);
        return released.Value is null ? 1 : 0;
    }

    // Terms as an administrator might write them: any share for either group, valid by themselves.
    private static ReleaseTerms Terms(int version)
    {
        var flow = 1 + 1_000L * Chances.Below(1_000);
        var groups = Chances.Below(2) == 0 ? (ReleaseGroup[])[Flow(flow), Presence(1_000_000 - flow)] : [Flow(1_000_000)];
        return new ReleaseTerms("square", version, Pipeline.Brussels, Epsilon.DayDefault, groups);
    }

    private static Released ReleaseOf(MemoryBook book, ReleaseGroup group, long budget, DateOnly? date = null, int cell = 0, string space = "square", TimeZoneInfo? zone = null)
    {
        var day = new ReleaseTerms(space, 1, zone ?? Pipeline.Brussels, new Epsilon(budget), [group]).On(date ?? Pipeline.FirstDay);
        return ReleaseMechanism.Release(book, day, new SealedCell(group.Series.Series[0].Name, day.CellsOf(group.Kind)[cell], 70, Alive), new CountedRandom());
    }

    private static ReleaseGroup Flow(long micro, ReleasePlan? plan = null, string[]? streams = null, long sensitivity = 4) =>
        new(ReleaseKind.Flow, new Epsilon(micro), new Sensitivity(sensitivity), plan ?? ReleasePlan.P15, new SeriesMap(new Series("in", [.. (streams ?? ["a"]).Select(stream => new StreamId(stream))])), 5_000);

    private static ReleaseGroup Presence(long micro, string stream = "z") =>
        new(ReleaseKind.Presence, new Epsilon(micro), Sensitivity.PresenceDefault, ReleasePlan.P60, new SeriesMap(new Series("inside", new StreamId(stream))), 100_000);
}
