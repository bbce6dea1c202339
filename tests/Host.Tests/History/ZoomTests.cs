using System.Globalization;
using Monitoring.Dashboard.History;
using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.Privacy;

namespace Monitoring.Host.Tests.History;

/// <summary>A-03: whatever range, grid and zone somebody asks for, there are the sums of whole cells or a refusal; never another number.</summary>
public sealed class ZoomTests
{
    private static readonly string[] Zones = ["Europe/Brussels", "UTC", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"];
    private static readonly string[] Grids = ["cell", "PT5M", "PT15M", "PT1H", "P1D", "P1M", "PT1M", "", "pt1h", "P1W"];

    [Fact]
    public async Task A03_Ten_thousand_random_questions_get_sums_of_whole_cells_or_a_refusal()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(RunSeed.DrawnText);
        var random = new Random(RunSeed.Drawn);
        var (answered, refused) = (0, 0);
        foreach (var zone in Zones.Select(TimeZoneInfo.FindSystemTimeZoneById))
        {
            var (history, cells) = FilledOver(zone, random);
            for (var i = 0; i < 10_000 / Zones.Length; i++)
            {
                var (from, to) = (TextOf(random, cells), TextOf(random, cells));
                var (question, problem) = HistoryRequest.Read("square", "gate-1-in", from, to, Grids[random.Next(Grids.Length)]);
                if (problem is not null || (await history.ReadAsync(question!)).Json is not { } json)
                {
                    refused++;
                    continue;
                }

                answered++;
                var reply = System.Text.Json.JsonSerializer.Deserialize<HistoryReply>(json, System.Text.Json.JsonSerializerOptions.Web)!;
                Check(question!.From, question.To, HistoryView.Of(reply, withNoise: false), cells);
            }
        }

        Assert.True(answered > 500 && refused > 500, $"{answered} answered, {refused} refused: the questions are too much alike to show anything");
    }

    // The rows follow each other without gap, begin and end on the range's cells, and each is the sum of the cells in it.
    private static void Check(DateTimeOffset from, DateTimeOffset to, HistoryView view, List<HistoryPoint> cells)
    {
        var at = 0;
        foreach (var row in view.Points)
        {
            // Both are in the order of time.
            while (at < cells.Count && cells[at].Key.From < row.Start)
                at++;
            var within = cells.Skip(at).TakeWhile(cell => cell.To <= row.End).ToList();
            Assert.Equal(row.End - row.Start, TimeSpan.FromTicks(within.Sum(cell => (cell.To - cell.Key.From).Ticks)));
            Assert.Equal(within.Sum(cell => cell.Shown.Value!.Value), row.Value);
            Assert.True(row.Start >= from && row.End <= to, $"{row.Start:O} to {row.End:O} reaches out of {from:O} to {to:O}");
        }

        Assert.Equal(cells.Where(cell => cell.Key.From < to && cell.To > from).Sum(cell => cell.Shown.Value), view.Points.Sum(row => row.Value));
    }

    // The days around the end of summer time in Europe and the end of a month, with two plans: days of quarter-hours with a night block, and days of hours.
    private static (FakeHistory History, List<HistoryPoint> Cells) FilledOver(TimeZoneInfo zone, Random random)
    {
        var history = new FakeHistory();
        var cells = new List<HistoryPoint>();
        for (var date = new DateOnly(2026, 10, 23); date < new DateOnly(2026, 11, 1); date = date.AddDays(1))
        {
            var day = CivilDay.Of(date, zone);
            var length = date.Day % 7 == 0 ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(15);
            var first = day.From.AddHours(6);
            cells.Add(PointOf(HistoryGrid.Cell, day.From, first, date, random.Next(19, 500)));
            for (var from = first; from < day.To; from += length)
                cells.Add(PointOf(HistoryGrid.Cell, from, from + length < day.To ? from + length : day.To, date, random.Next(19, 500)));
        }

        history.Points.AddRange(cells);
        foreach (var day in cells.GroupBy(cell => cell.LocalDay))
        {
            history.Points.Add(SumOf(HistoryGrid.Day, [.. day]));
            history.Points.Add(SumOf(HistoryGrid.Hour, [day.First()]));
            history.Points.AddRange(day.Skip(1).GroupBy(cell => (cell.Key.From - day.First().To).Ticks / TimeSpan.TicksPerHour).Select(hour => SumOf(HistoryGrid.Hour, [.. hour])));
        }

        history.Points.Add(SumOf(HistoryGrid.Month, cells));
        return (history, cells);
    }

    private static HistoryPoint SumOf(HistoryGrid grid, List<HistoryPoint> cells) =>
        PointOf(grid, cells[0].Key.From, cells[^1].To, cells[0].LocalDay, cells.Sum(cell => cell.Shown.Value!.Value));

    private static HistoryPoint PointOf(HistoryGrid grid, DateTimeOffset from, DateTimeOffset to, DateOnly day, long value) =>
        new(new HistoryKey("square", "gate-1-in", grid, from), to, HistoryKind.Flow, day, 0, new ShownValue(value, null, 12), new HistoryCoverage(1, 1, false, 1, 1), new HistoryNoise(value, 1_000_000, 4), 1);

    // Borders of cells and days, instants beside them, with all kinds of offsets, far away, and nonsense.
    private static string TextOf(Random random, List<HistoryPoint> cells)
    {
        var cell = cells[random.Next(cells.Count)];
        var instant = random.Next(10) switch
        {
            < 3 => cell.Key.From,
            < 7 => cells.First(other => other.LocalDay == cell.LocalDay).Key.From,
            7 => cell.Key.From.AddTicks(random.NextInt64(-TimeSpan.TicksPerHour, TimeSpan.TicksPerHour)),
            8 => random.Next(2) == 0 ? DateTimeOffset.MinValue.AddDays(2) : DateTimeOffset.MaxValue.AddDays(-2),
            _ => cells[^1].To,
        };
        var text = instant.ToOffset(TimeSpan.FromMinutes(15 * random.Next(-40, 40))).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
        return random.Next(20) == 0 ? text[..random.Next(text.Length)] : text;
    }
}
