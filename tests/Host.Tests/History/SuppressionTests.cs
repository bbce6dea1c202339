using System.Text.Json;
using Monitoring.Dashboard.History;
using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.Host.Tests.Privacy;
using Monitoring.Privacy;
using Monitoring.Silo.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.History;

/// <summary>A-12: whether a number is shown follows from the noisy number alone.</summary>
public sealed class SuppressionTests
{
    private const int Days = 30;

    /// <summary>Each true count from 0 to 60 as often as the others, in cells of many days; and sums of four of them.</summary>
    [Fact]
    public void A12_What_is_said_of_a_cell_is_a_function_of_its_stored_number_to_the_byte()
    {
        using var folder = new TemporaryFolder();
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(folder.Path));
        var days = Enumerable.Range(0, Days).Select(i => Ledgers.On(new DateOnly(2026, 6, 1).AddDays(i), plan: ReleasePlan.P15)).ToList();
        var truth = days.SelectMany((day, d) => day.CellsOf(ReleaseKind.Flow).Select((cell, c) => (day, Cell: new SealedCell(Ledgers.Series, cell, (d + c) % 61, new CellCoverage(1, 1))))).ToList();
        ledger.Release(truth, days[^1].Day.To);
        var counts = truth.ToDictionary(one => one.Cell.Cell.From, one => one.Cell.Count);
        var points = new PointAssembly(ledger, (_, _) => new SpaceFact(DateOnly.MinValue, Ledgers.Zone.Id, Sensitive: false)).Of(ledger.All(), days[^1].Day.To.AddHours(1));

        foreach (var (grid, threshold, expected) in (IEnumerable<(HistoryGrid, long, int)>)[(HistoryGrid.Cell, 19, Days * 96), (HistoryGrid.Hour, 38, Days * 24)])
        {
            var ofGrid = points.Where(point => point.Key.Grid == grid).ToList();
            Assert.Equal(expected, ofGrid.Count);
            foreach (var same in ofGrid.GroupBy(point => point.Noise.Noisy!.Value))
            {
                Assert.Single(same.Select(Bytes).Distinct());
                Assert.Equal(same.Key >= threshold ? (same.Key, null) : (null, "suppressed"), (same.First().Shown.Value, same.First().Shown.Reason));
            }
        }

        // The same number comes from many true ones: the rule above was put to the test.
        var cells = points.Where(point => point.Key.Grid == HistoryGrid.Cell).ToLookup(point => point.Noise.Noisy!.Value, point => counts[point.Key.From]);
        Assert.InRange(cells[19].Distinct().Count(), 10, 61);
        Assert.InRange(cells[18].Distinct().Count(), 10, 61);
    }

    // As it leaves the hub, but for when and where it was.
    private static string Bytes(HistoryPoint point)
    {
        var (at, length) = (DateTimeOffset.UnixEpoch, point.To - point.Key.From);
        var moved = point with { Key = point.Key with { From = at }, To = at + length, LocalDay = new DateOnly(1970, 1, 1), HourOfWeek = 0 };
        return $"{JsonSerializer.Serialize(HistoryRow.Of(moved, withNoise: true), JsonSerializerOptions.Web)} {HistoryCsv.Line(moved, withNoise: true)}";
    }
}
