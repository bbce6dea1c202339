using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Privacy.Tests;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>The noise of numbers that went the whole way: released by the ledger, stored as rows of its file, and read back when it was opened again.</summary>
/// <remarks>The same bounds as for the mechanism alone (<c>Privacy.Tests/MechanismStatisticsTests</c>), each exact for the number of cells, two-sided 10^-10.</remarks>
public sealed class StoredNoiseTests : IDisposable
{
    private const int CellsOfDay = 2 * 96;

    private static readonly string[] Series = ["gate/in", "gate/out"];

    private static readonly ReleaseTerms Terms = new(
        "square", 1, TimeZoneInfo.Utc, Epsilon.DayDefault,
        [new ReleaseGroup(ReleaseKind.Flow, Epsilon.DayDefault, Sensitivity.FlowDefault, ReleasePlan.P15, new SeriesMap([.. Series.Select(name => new Series(name, new StreamId($"counter-1/{name}")))]), 100_000)]);

    // 10,176 cells, and 200,064 with --long: as many as the catalogue says for T-05, T-10 and A-17.
    private static readonly int Days = RunSeed.IsLong ? 1_042 : 53;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void T05_T06_A17_An_empty_cell_has_noise_like_any_other_in_the_ledger_and_knows_nothing_of_the_next()
    {
        var stored = Stored(0);
        var (zero, above) = (Law.Quarter.Pmf(0), (1 - Law.Quarter.Pmf(0)) / 2);
        var seen = Histogram.Of(stored.Count, Next(stored));
        Within("zeros", seen.Count(0, 0), stored.Count, zero);
        Assert.Empty(seen.Misfits(Law.Quarter));
        Within("within twelve", seen.Count(-12, 12), stored.Count, Law.Quarter.Between(-12, 12));

        // The series of a cell, and two cells of a series that follow each other.
        var (ofCell, ofSeries) = (stored.Chunk(2).ToList(), stored.Where((_, i) => i % 2 == 0).Chunk(2).ToList());
        Within("cells above zero in both series", ofCell.Count(pair => pair[0] > 0 && pair[1] > 0), ofCell.Count, above * above);
        Within("two cells above zero", ofSeries.Count(pair => pair[0] > 0 && pair[1] > 0), ofSeries.Count, above * above);
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(54, -4)]
    public void T10_The_event_that_one_person_of_four_crossings_moves_as_far_as_is_allowed_is_as_likely_in_the_ledger_as_calculated(long count, long noise)
    {
        var stored = Stored(count);
        Within($"at most 50 of {count}", stored.Count(value => value <= 50), stored.Count, Law.Quarter.Cdf(noise));
    }

    // In the order in which they were stored: both series of a cell, then those of the next.
    private List<long> Stored(long count)
    {
        using (var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path)))
        {
            foreach (var day in Enumerable.Range(0, Days).Select(i => Terms.On(new DateOnly(2026, 1, 1).AddDays(i))))
                ledger.Release(day, [.. day.CellsOf(ReleaseKind.Flow).SelectMany(cell => Series.Select(series => new SealedCell(series, cell, count, new CellCoverage(1, 1))))], day.Day.To);
        }

        using var again = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        var stored = again.All();
        Assert.Equal(Days * CellsOfDay, stored.Count);
        Assert.Equal(stored.Count, stored.DistinctBy(one => one.Release.Key).Count());
        return [.. stored.Select(one => one.Release.Value!.Value)];
    }

    private static Func<long> Next(List<long> stored)
    {
        var next = 0;
        return () => stored[next++];
    }

    private static void Within(string what, long seen, long of, double probability)
    {
        var (from, to) = Statistics.Interval(of, probability);
        Assert.True(seen >= from && seen <= to, $"{seen} {what} of {of}, expected {from} to {to}");
    }
}
