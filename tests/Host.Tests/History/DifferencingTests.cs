using System.Text.Json;
using Monitoring.Contracts.History;
using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.History;
using Monitoring.Host.Tests.Privacy;
using Monitoring.Privacy;
using Monitoring.Silo.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.History;

/// <summary>A-02: whoever asks for everything and puts it together learns stored numbers, and nothing that is sharper than these.</summary>
/// <remarks>Sums over zones, places or series are not published anywhere; what is, are cells, hours, days, months and the typical week of one series.</remarks>
public sealed class DifferencingTests : IDisposable
{
    private const string Space = "square";

    // From midnight to 22:00 one cell, then half-hours: five cells, three of the grid's hours.
    private static readonly ReleasePlan Plan = new(new PlanSpan(0), new PlanSpan(22 * 60, 30));
    private static readonly string[] Series = ["gate-in", "gate-out"];
    private static readonly string[] Grids = ["cell", "PT15M", "PT1H", "P1D", "P1M"];

    private readonly TemporaryFolder _folder = new();
    private readonly ReleaseStore _ledger;
    private readonly PointAssembly _assembly;

    public DifferencingTests()
    {
        _ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        _assembly = new PointAssembly(_ledger, FactOf);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A02_All_windows_grids_weeks_and_months_are_sums_of_stored_numbers_and_give_no_other()
    {
        // With this little noise, less than 9 but once in 10^10 draws, 60 and 900 are shown and 0 and 1 are not, whatever is drawn.
        var days = new[] { new DateOnly(2026, 10, 5), new DateOnly(2026, 10, 12) }.Select(date => Terms(Space, 3_000_000, 1).On(date)).ToList();
        long[][] counts = [[900, 60, 1, 0, 1], [900, 0, 1, 60, 60]];
        foreach (var (day, i) in days.Select((day, i) => (day, i)))
            _ledger.Release(day, [.. Series.SelectMany((series, s) => day.CellsOf(ReleaseKind.Flow).Select((cell, c) => new SealedCell(series, cell, counts[(i + s) % 2][c], new CellCoverage(1, 1))))], day.Day.To);
        var stored = _ledger.All().Select(row => row.Release).ToList();
        using var store = await CopiedAsync(days[^1].Day.To.AddHours(1));

        var published = new Statements(stored);
        var reader = new HistoryReader(store, FactOf);
        var borders = stored.SelectMany(cell => new[] { cell.Key.From, cell.To }).Distinct().Order().ToList();
        var (answered, refused) = (0, 0);
        foreach (var (from, to) in from a in borders from b in borders where a < b select (a, b))
        {
            foreach (var (series, grid) in from s in Series from g in Grids select (s, g))
            {
                var question = new HistoryQuestion(Space, series, grid, from, to);
                var answer = await reader.ReadAsync(question, Cancellation);
                (answered, refused) = answer.Json is null ? (answered, refused + 1) : (answered + 1, refused);
                if (answer.Json is { } points)
                    published.Note(JsonSerializer.Deserialize<HistoryReply>(points, JsonSerializerOptions.Web)!);
                if (grid == "PT1H" && (await reader.WeekAsync(question, Cancellation)).Json is { } week)
                    published.Note(JsonSerializer.Deserialize<WeekProfile>(week, JsonSerializerOptions.Web)!);
            }
        }

        // All 66 windows as cells; of hours, days and the month those that cut none.
        Assert.Equal(660, answered + refused);
        Assert.InRange(answered, 132, refused);
        var (agree, known) = published.Solve();
        Assert.True(agree, "what is published contradicts itself: something is not a sum of the same stored numbers");
        Assert.All(known, one => Assert.Equal(stored[one.Key].Value!.Value, one.Value));

        // What is shown is known; so is the cell that is left out beside one that is shown in an hour that is shown. The zeros and ones together are not told apart.
        var expected = stored.Select((cell, index) => (cell, index)).Where(one => one.cell.Value >= 10 || IsAloneInItsHour(one.cell, stored)).Select(one => one.index);
        Assert.Equal(expected, known.Keys.Order());
        Assert.Equal((12, 20), (known.Count, stored.Count));
    }

    [Fact]
    public void A02_Who_solves_all_that_is_published_guesses_draw_by_draw_like_who_sees_the_stored_number()
    {
        const int draws = 500;
        const int target = 3;
        var coins = Enumerable.Range(0, draws).Select(_ => System.Security.Cryptography.RandomNumberGenerator.GetInt32(2) == 1).ToList();
        var days = Enumerable.Range(0, draws).Select(draw => Terms($"square-{draw}", 1_000_000, 4).On(new DateOnly(2026, 10, 5))).ToList();
        long[] counts = [900, 60, 5, 50, 70];
        _ledger.Release(
            [.. days.SelectMany((day, draw) => day.CellsOf(ReleaseKind.Flow).Select((cell, c) => (day, new SealedCell(Series[0], cell, counts[c] + (c == target && coins[draw] ? 1 : 0), new CellCoverage(1, 1)))))],
            days[0].Day.To);
        var points = _assembly.Of(_ledger.All(), days[0].Day.To.AddHours(1)).ToLookup(point => point.Key.Space);

        var (right, solved, byDifference) = (0, 0, 0);
        foreach (var space in _ledger.All().Select(row => row.Release).GroupBy(release => release.Key.Space))
        {
            var stored = space.ToList();
            var (there, y) = (coins[int.Parse(space.Key.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture)], stored[target].Value!.Value);
            var guess = y >= counts[target] + 1;
            right += guess == there ? 1 : 0;
            foreach (var isDifference in (bool[])[false, true])
            {
                var published = new Statements(stored);
                foreach (var point in points[space.Key].Where(point => !isDifference || point.Key != new HistoryKey(space.Key, Series[0], HistoryGrid.Cell, stored[target].Key.From)))
                    published.Note(point);
                if (!published.Solve().Known.TryGetValue(target, out var found))
                    continue;
                Assert.Equal(guess, found >= counts[target] + 1);
                (solved, byDifference) = isDifference ? (solved, byDifference + 1) : (solved + 1, byDifference);
            }
        }

        // T-12's chance, 56.2 %, for 500 draws (exact binomial, two-sided 10^-10).
        Assert.InRange(right, 209, 351);

        // Where the number itself is left out, its hour without the other half gives it; so it does where it is shown.
        Assert.InRange(solved, 495, draws);
        Assert.InRange(byDifference, 495, draws);
    }

    // Its hour is shown, and so is the other half of it.
    private static bool IsAloneInItsHour(Released cell, List<Released> stored)
    {
        var hour = cell.Key.From.AddMinutes(-cell.Key.From.Minute);
        var other = stored.Find(one => one.Key.Series == cell.Key.Series && one.Key.From != cell.Key.From && one.Key.From.AddMinutes(-one.Key.From.Minute) == hour);
        return other is { Value: >= 10 } && other.To - other.Key.From < TimeSpan.FromHours(1);
    }

    private static ReleaseTerms Terms(string space, long epsilon, int crossings) => new(
        space, 1, Ledgers.Zone, new Epsilon(epsilon),
        [new ReleaseGroup(ReleaseKind.Flow, new Epsilon(epsilon), new Sensitivity(crossings), Plan, new SeriesMap([.. Series.Select(series => new Series(series, new StreamId($"{space}/{series}")))]), 100_000)]);

    private static SpaceFact FactOf(string space, DateOnly day) => new(DateOnly.MinValue, Ledgers.Zone.Id, Sensitive: false);

    // The real copy, and after two years its month.
    private async Task<DuckDbHistory> CopiedAsync(DateTimeOffset now)
    {
        var store = new DuckDbHistory(_folder.Path, new HistoryOptions(), TimeProvider.System);
        var rows = _ledger.All();
        await store.AppendAsync(_assembly.Of(rows, now), rows[^1].Seq, Cancellation);
        Assert.Equal(rows.Count, _ledger.Forget(new DateOnly(2026, 11, 1)));
        var months = _ledger.Months(Space).Select(_assembly.Of).OfType<HistoryPoint>().ToList();
        Assert.Equal(Series.Length, months.Count);
        await store.AppendAsync(months, rows[^1].Seq, Cancellation);
        return store;
    }

    /// <summary>Everything that was published, each as a statement about stored numbers: their sum, or that it is too small to be shown.</summary>
    private sealed class Statements(List<Released> stored)
    {
        private readonly Dictionary<string, (List<int> Cells, long? Sum)> _said = [];

        public void Note(HistoryReply reply)
        {
            foreach (var point in reply.Points)
                Note(point);
        }

        public void Note(HistoryPoint point)
        {
            var cells = Cells(point.Key.Series, point.Key.From, point.To);
            Assert.Equal((cells.Count, cells.Count), (point.Coverage.Cells, point.Coverage.CellsReleased));
            Note($"{point.Key}", cells, point.Shown.Value, point.Shown.Reason);
        }

        public void Note(WeekProfile week)
        {
            foreach (var hour in week.Hours.Where(hour => hour.Hours > 0))
            {
                // Hours, and the cell that is longer than one, that begin then and have an instant in common with the range.
                var cells = Hours(week.Series).Where(one => HourOfWeek(one.From) == hour.Hour && one.From < week.To && one.To > week.From).ToList();
                Assert.Equal(cells.Count, hour.Hours);
                Assert.Equal(0, hour.HoursMissing);
                Note($"{week.Series} week {week.From:O} {week.To:O} {hour.Hour}", [.. cells.SelectMany(one => Cells(week.Series, one.From, one.To))], hour.Mean is { } mean ? (long)(mean * hour.Hours) : null, hour.Reason);
            }
        }

        public (bool Agree, IReadOnlyDictionary<int, System.Numerics.BigInteger> Known) Solve()
        {
            var equations = new ExactEquations(stored.Count);
            foreach (var (cells, sum) in _said.Values)
            {
                if (sum is { } value)
                    equations.Add(cells, value);
            }

            return equations.Solve();
        }

        // Whenever and however often it is asked for, the same; the sum of the stored numbers that it says it is, and left out where that is small and for no other reason.
        private void Note(string what, List<int> cells, long? value, string? reason)
        {
            if (_said.TryGetValue(what, out var before))
            {
                Assert.Equal(before.Sum, value);
                return;
            }

            var (sum, rate) = (cells.Sum(cell => stored[cell].Value!.Value), stored[0].Epsilon.Micro / 1e6 / stored[0].Sensitivity.Bound);
            var threshold = Math.Max(10, Math.Ceiling(3.3 * Math.Sqrt(cells.Count * 0.5) / Math.Sinh(rate / 2)));
            Assert.Equal(sum >= threshold ? (sum, null) : (null, ReleaseReason.Suppressed), ((long?)value, reason));
            _said[what] = (cells, value);
        }

        private List<int> Cells(string series, DateTimeOffset from, DateTimeOffset to) =>
            [.. Enumerable.Range(0, stored.Count).Where(index => stored[index].Key.Series == series && stored[index].Key.From >= from && stored[index].To <= to)];

        private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Hours(string series) => stored.Where(cell => cell.Key.Series == series)
            .Select(cell => cell.To - cell.Key.From >= TimeSpan.FromHours(1) ? (cell.Key.From, cell.To) : (cell.Key.From.AddMinutes(-cell.Key.From.Minute), cell.Key.From.AddMinutes(60 - cell.Key.From.Minute))).Distinct();

        private static int HourOfWeek(DateTimeOffset at)
        {
            var local = TimeZoneInfo.ConvertTime(at, Ledgers.Zone);
            return (((int)local.DayOfWeek + 6) % 7 * 24) + local.Hour;
        }
    }
}
