using System.Security.Cryptography;
using Monitoring.Domain.History;

namespace Monitoring.Domain.Tests.History;

/// <summary>A03. Only whole points are given: a question that would cut one has no answer.</summary>
public sealed class GridNameTests
{
    private static readonly DateTimeOffset Midnight = Square.At("2024-03-01T23:00:00Z");

    [Fact]
    public void A03_Ten_thousand_questions_give_whole_points_or_no_answer()
    {
        // A day of quarter-hours behind a night of six hours.
        List<HistoryPoint> day = [Point(0, 360), .. Enumerable.Range(0, 72).Select(i => Point(360 + 15 * i, 15))];
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (answered, refused) = (0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var from = Midnight.AddMinutes(random.Next(8) * 15 + random.Next(0, 90) * (random.Next(2) == 0 ? 15 : 7));
            var to = from.AddMinutes(random.Next(-30, 1_500));
            var overlapping = day.Where(point => point.Key.From < to && point.To > from).ToList();
            foreach (var name in GridName.Names.Select(name => GridName.Of(name)!))
            {
                var isCut = overlapping.Exists(point => point.Key.From < from || point.To > to);
                var isTooFine = name.Shortest is { } shortest && overlapping.Count > 0 && overlapping.Min(point => point.To - point.Key.From) is var least && (name.Grid == HistoryGrid.Cell ? least != shortest : least > shortest);
                var problem = name.Problem(overlapping, from, to);
                Assert.Equal(isCut ? "not-on-a-border" : isTooFine ? "grid-not-released" : null, problem?.Code);
                _ = problem is null ? answered++ : refused++;
            }
        }

        Assert.True(answered > 1_000 && refused > 1_000, $"{answered} answered, {refused} refused");
    }

    [Theory]
    [InlineData("PT1M")]
    [InlineData("pt15m")]
    [InlineData("")]
    [InlineData("PT15M ")]
    public void A_grid_that_does_not_exist_is_none(string name) => Assert.Null(GridName.Of(name));

    [Fact]
    public void Quarter_hours_are_not_given_of_a_day_that_was_released_in_hours()
    {
        var problem = GridName.Of("PT15M")!.Problem([Point(0, 60), Point(60, 60)], Midnight, Midnight.AddHours(2));
        Assert.Equal(new GridProblem("grid-not-released", Midnight, Midnight.AddHours(2)), problem);
        Assert.Null(GridName.Of("PT1H")!.Problem([Point(0, 60), Point(60, 60)], Midnight, Midnight.AddHours(2)));

        // Nor where they would be five minutes long: four of them are no hour.
        Assert.Equal("grid-not-released", GridName.Of("PT15M")!.Problem([.. Enumerable.Range(0, 24).Select(i => Point(5 * i, 5))], Midnight, Midnight.AddHours(2))!.Code);
        Assert.Null(GridName.Of("PT5M")!.Problem([.. Enumerable.Range(0, 24).Select(i => Point(5 * i, 5))], Midnight, Midnight.AddHours(2)));
        Assert.Null(GridName.Of("cell")!.Problem([Point(0, 360)], Midnight, Midnight.AddHours(6)));
    }

    private static HistoryPoint Point(int minute, int minutes) => new(
        new HistoryKey("square", "north-in", HistoryGrid.Cell, Midnight.AddMinutes(minute)), Midnight.AddMinutes(minute + minutes), HistoryKind.Flow, new DateOnly(2024, 3, 2), 120,
        new ShownValue(40, null, 12), new HistoryCoverage(1, 1, false, 1, 1), new HistoryNoise(40, 1_000_000, 4), 1);
}
