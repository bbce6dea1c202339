namespace Monitoring.History.Tests;

public sealed class DuckDbHistoryTests : IDisposable
{
    private readonly TemporaryHistory _history = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _history.Dispose();

    [Fact]
    public async Task What_is_written_is_read_back_as_it_was()
    {
        HistoryPoint[] points =
        [
            Sample.Cell(0),
            Sample.Cell(1, value: null, reason: "suppressed") with { Noise = new(-3, 250_000, 60), Kind = HistoryKind.Presence },
            Sample.Cell(2, value: null, reason: "no-data") with { Noise = new(null, 250_000, 60), Coverage = new(0, 4, false, 1, 0) },
            Sample.Cell(3, value: long.MaxValue),
        ];
        await _history.Store.AppendAsync(points, 4, Cancellation);
        Assert.Equal(points, await _history.Store.ReadAsync(Sample.All(), Cancellation));
        _history.Reopen();
        Assert.Equal(points, await _history.Store.ReadAsync(Sample.All(), Cancellation));
        Assert.Equal(4, await _history.Store.CursorAsync(Cancellation));
    }

    [Fact]
    public async Task A_new_history_stands_at_the_beginning() => Assert.Equal(0, await _history.Store.CursorAsync(Cancellation));

    [Fact]
    public async Task The_cursor_moves_without_points_too()
    {
        await _history.Store.AppendAsync([], 17, Cancellation);
        Assert.Equal(17, await _history.Store.CursorAsync(Cancellation));
    }

    [Fact]
    public async Task A_point_that_is_written_again_takes_the_place_of_the_one_that_was_there()
    {
        await _history.Store.AppendAsync([Sample.Cell(0), Sample.Cell(1), Sample.Cell(1, series: "out")], 1, Cancellation);
        await _history.Store.AppendAsync([Sample.Cell(1, value: null, reason: "withdrawn"), Sample.Cell(2)], 2, Cancellation);
        await _history.Store.AppendAsync([Sample.Cell(1, value: null, reason: "withdrawn"), Sample.Cell(2)], 2, Cancellation);
        Assert.Equal([Sample.Cell(0), Sample.Cell(1, value: null, reason: "withdrawn"), Sample.Cell(2)], await _history.Store.ReadAsync(Sample.All(), Cancellation));
        Assert.Equal([Sample.Cell(1, series: "out")], await _history.Store.ReadAsync(Sample.All(series: "out"), Cancellation));
    }

    [Fact]
    public async Task An_hour_and_a_cell_that_begin_together_are_two_points()
    {
        var hour = Sample.Of(HistoryGrid.Hour, Sample.Start, TimeSpan.FromHours(1));
        await _history.Store.AppendAsync([Sample.Cell(0), hour], 1, Cancellation);
        await _history.Store.AppendAsync([hour with { TermsVersion = 8 }], 2, Cancellation);
        Assert.Equal([Sample.Cell(0)], await _history.Store.ReadAsync(Sample.All(), Cancellation));
        Assert.Equal([hour with { TermsVersion = 8 }], await _history.Store.ReadAsync(Sample.All(HistoryGrid.Hour), Cancellation));
    }

    [Fact]
    public async Task The_same_key_twice_in_a_batch_is_refused_and_nothing_of_it_is_written()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _history.Store.AppendAsync([Sample.Cell(0), Sample.Cell(0, value: 50)], 9, Cancellation));
        Assert.Equal(0, await _history.Store.CursorAsync(Cancellation));
        Assert.Empty(await _history.Store.ReadAsync(Sample.All(), Cancellation));
    }

    [Fact]
    public async Task A_range_has_the_points_that_share_an_instant_with_it_by_start()
    {
        await _history.Store.AppendAsync([Sample.Cell(3), Sample.Cell(0), Sample.Cell(2), Sample.Cell(1), Sample.Cell(1, space: "quay")], 1, Cancellation);
        Assert.Equal([Sample.Cell(1), Sample.Cell(2)], await Read(Sample.Cell(1).Key.From, Sample.Cell(2).To));
        Assert.Equal([Sample.Cell(1), Sample.Cell(2)], await Read(Sample.Cell(1).To.AddTicks(-10), Sample.Cell(2).Key.From.AddTicks(10)));
        Assert.Equal([Sample.Cell(1)], await Read(Sample.Cell(1).Key.From.ToOffset(TimeSpan.FromHours(2)), Sample.Cell(1).To.ToOffset(TimeSpan.FromHours(-5))));
        Assert.Empty(await Read(Sample.Cell(3).To, Sample.Cell(9).To));

        async Task<IReadOnlyList<HistoryPoint>> Read(DateTimeOffset from, DateTimeOffset to) => await _history.Store.ReadAsync(new("square", "in", HistoryGrid.Cell, from, to, 10), Cancellation);
    }

    [Fact]
    public async Task No_more_points_are_given_than_asked_for()
    {
        await _history.Store.AppendAsync([.. Enumerable.Range(0, 10).Select(number => Sample.Cell(number))], 1, Cancellation);
        Assert.Equal([Sample.Cell(0), Sample.Cell(1), Sample.Cell(2)], await _history.Store.ReadAsync(Sample.All(max: 3), Cancellation));
        Assert.Equal(10, (await _history.Store.ReadAsync(Sample.All(max: int.MaxValue), Cancellation)).Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _history.Store.ReadAsync(Sample.All(max: 0), Cancellation));
    }

    [Fact]
    public async Task Text_that_looks_like_SQL_is_text()
    {
        const string Odd = "'); DROP TABLE points; --";
        await _history.Store.AppendAsync([Sample.Cell(0, series: Odd)], 1, Cancellation);
        Assert.Equal([Sample.Cell(0, series: Odd)], await _history.Store.ReadAsync(Sample.All(series: Odd), Cancellation));
        Assert.Empty(await _history.Store.ReadAsync(Sample.All(series: "' OR 1=1 --"), Cancellation));
    }

    [Fact]
    public async Task The_week_adds_up_whole_hours_only_and_says_how_many_are_missing()
    {
        var monday = Sample.Start.AddHours(8);
        await _history.Store.AppendAsync(
        [
            Hour(monday, 100, 4), Hour(monday.AddDays(7), -2, 4, value: null), Hour(monday.AddDays(14), 55, 3), Hour(monday.AddDays(21), 30, 4, epsilon: 200_000), Hour(monday.AddHours(1), 7, 4),
            Hour(monday.AddDays(28), 1_000, 4), Sample.Cell(32), Hour(monday, 9_999, 4, series: "out"),
        ], 1, Cancellation);
        var sums = await _history.Store.WeekAsync(new("square", "in", HistoryGrid.Hour, Sample.Start, Sample.Start.AddDays(28), 1), Cancellation);
        Assert.Equal([new(8, 98, 2, 8, 1, 100_000, 2, 60), new(8, 30, 1, 4, 0, 200_000, 2, 60), new(9, 7, 1, 4, 0, 100_000, 2, 60)], sums);
        await Assert.ThrowsAsync<ArgumentException>(() => _history.Store.WeekAsync(Sample.All(HistoryGrid.Day), Cancellation));

        static HistoryPoint Hour(DateTimeOffset from, long noisy, int released, long? value = 40, long epsilon = 100_000, string series = "in") =>
            Sample.Of(HistoryGrid.Hour, from, TimeSpan.FromHours(1), value, series: series, cells: 4, released: released, noisy: noisy, epsilon: epsilon);
    }

    [Fact]
    public async Task The_week_has_points_as_long_as_the_newest_of_their_hour_and_a_night_is_one_block_whatever_the_clocks_do()
    {
        var monday = Sample.Start;
        await _history.Store.AppendAsync(
        [
            // Hours at first, then a night block, one of them short and one long by the clocks.
            Of(monday, 1, 9_000), Of(monday.AddHours(1), 1, 10), Of(monday.AddDays(7), 6, 100), Of(monday.AddDays(14), 7, 200), Of(monday.AddDays(21), 5, 400),
            // A night block at first, then hours; the newest of them has no number.
            Of(monday.AddDays(1), 6, 9_000), Of(monday.AddDays(8), 1, 30), Of(monday.AddDays(15), 1, null),
            // Whole days at first, then a night block.
            Of(monday.AddDays(2), 24, 9_000), Of(monday.AddDays(9), 6, 70),
            // An hour, and the half of it that comes again where the clocks go back by half an hour.
            Of(monday.AddDays(3), 1, 80), Of(monday.AddDays(3).AddMinutes(30), 0.5, 9_000),
        ], 1, Cancellation);
        var sums = await _history.Store.WeekAsync(new("square", "in", HistoryGrid.Hour, monday, monday.AddDays(28), 1), Cancellation);
        Assert.Equal([(0, 700L, 3, 0, 300), (1, 10L, 1, 0, 60), (24, 30L, 1, 1, 60), (48, 70L, 1, 0, 360), (72, 80L, 1, 0, 60)], sums.Select(sum => (sum.HourOfWeek, sum.Noisy, sum.Hours, sum.HoursMissing, sum.Minutes)));

        // Asked of the time before the change alone, it tells of hours.
        Assert.Equal(9_000, (await _history.Store.WeekAsync(new("square", "in", HistoryGrid.Hour, monday, monday.AddDays(1), 1), Cancellation))[0].Noisy);

        static HistoryPoint Of(DateTimeOffset from, double hours, long? noisy) => Sample.Of(HistoryGrid.Hour, from, TimeSpan.FromHours(hours), noisy, noisy is null ? "no-data" : null);
    }

    [Fact]
    public async Task The_series_of_a_space_are_listed_with_their_span()
    {
        await _history.Store.AppendAsync([Sample.Cell(4), Sample.Cell(9), Sample.Cell(5, series: "hall") with { Kind = HistoryKind.Presence }, Sample.Cell(0, space: "quay")], 1, Cancellation);
        Assert.Equal(
            [new HistorySeries("square", "hall", HistoryKind.Presence, Sample.Cell(5).Key.From, Sample.Cell(5).To), new HistorySeries("square", "in", HistoryKind.Flow, Sample.Cell(4).Key.From, Sample.Cell(9).To)],
            await _history.Store.SeriesAsync("square", Cancellation));
        Assert.Empty(await _history.Store.SeriesAsync("nowhere", Cancellation));
    }

    [Fact]
    public async Task How_a_device_was_is_there_once_however_often_it_is_written()
    {
        await _history.Store.AppendAsync([Sample.Health(1), Sample.Health(0), Sample.Health(2, "never-heard", silent: null), Sample.Health(1, device: "counter-2")], Cancellation);
        await _history.Store.AppendAsync([Sample.Health(1, "silent", 400)], Cancellation);
        var points = await _history.Store.HealthAsync("counter-1", Sample.Start, Sample.Start.AddMinutes(15), 10, Cancellation);
        Assert.Equal(["ok", "silent", "never-heard"], points.Select(point => point.State));
        Assert.Equal([12L, 400L, null], points.Select(point => point.SilentSeconds));
        Assert.Equal(Sample.Health(0).Values, points[0].Values);
        Assert.Equal(Sample.Health(1).At, points[1].At);
        Assert.Single(await _history.Store.HealthAsync("counter-1", Sample.Start, Sample.Start.AddMinutes(15), 1, Cancellation));
        Assert.Single(await _history.Store.HealthAsync("counter-1", Sample.Start.AddMinutes(5), Sample.Start.AddMinutes(10), 10, Cancellation));
    }

    [Fact]
    public async Task How_all_devices_were_is_given_by_whole_instants()
    {
        var (first, second) = ((HealthPoint[])[Sample.Health(0), Sample.Health(0, device: "counter-2")], (HealthPoint[])[Sample.Health(1), Sample.Health(1, device: "counter-2")]);
        await _history.Store.AppendAsync([.. second, Sample.Health(3), .. first], Cancellation);
        Assert.Equal(Keys([.. first, .. second]), Keys(await _history.Store.HealthAfterAsync(DateTimeOffset.MinValue, 2, Cancellation)));
        Assert.Equal(Keys([.. second, Sample.Health(3)]), Keys(await _history.Store.HealthAfterAsync(first[0].At, 8, Cancellation)));
        Assert.Empty(await _history.Store.HealthAfterAsync(Sample.Health(3).At, 1, Cancellation));

        static IEnumerable<(DateTimeOffset, string)> Keys(IEnumerable<HealthPoint> points) => points.Select(point => (point.At, point.Device));
    }

    [Fact]
    public async Task What_is_too_old_goes_by_its_start_and_months_stay()
    {
        var month = Sample.Of(HistoryGrid.Month, Sample.Start.AddDays(-30), TimeSpan.FromDays(30));
        var day = Sample.Of(HistoryGrid.Day, Sample.Start.AddDays(-1), TimeSpan.FromDays(1));
        var hour = Sample.Of(HistoryGrid.Hour, Sample.Cell(1).To, TimeSpan.FromHours(1));
        await _history.Store.AppendAsync([month, day, Sample.Of(HistoryGrid.Hour, Sample.Start, TimeSpan.FromHours(1)), hour, Sample.Cell(0), Sample.Cell(1), Sample.Cell(2)], 6, Cancellation);
        await _history.Store.AppendAsync([Sample.Health(0), Sample.Health(1), Sample.Health(2)], Cancellation);
        await _history.Store.ForgetAsync(Sample.Cell(1).To, Sample.Health(1).At, Cancellation);
        Assert.Equal([Sample.Cell(2)], await _history.Store.ReadAsync(Sample.All(), Cancellation));
        Assert.Equal([hour], await _history.Store.ReadAsync(Sample.All(HistoryGrid.Hour), Cancellation));
        Assert.Empty(await _history.Store.ReadAsync(Sample.All(HistoryGrid.Day), Cancellation));
        Assert.Equal([month], await _history.Store.ReadAsync(Sample.All(HistoryGrid.Month), Cancellation));
        Assert.Equal([Sample.Health(1).At, Sample.Health(2).At], (await _history.Store.HealthAsync("counter-1", Sample.Start, Sample.Start.AddDays(1), 10, Cancellation)).Select(point => point.At));
        Assert.Equal(6, await _history.Store.CursorAsync(Cancellation));
    }

    [Fact]
    public async Task Retention_keeps_the_file_from_growing_although_months_stay_between()
    {
        const int Batch = 20_000;
        var sizes = new List<long>();
        for (var round = 0; round < 25; round++)
        {
            var from = Sample.Cell(round * Batch).Key.From;
            await _history.Store.AppendAsync([.. Enumerable.Range(round * Batch, Batch).Select(number => Sample.Cell(number, value: 10 + number * 7919L % 1009)), Sample.Of(HistoryGrid.Month, from, TimeSpan.FromDays(30))], round, Cancellation);
            await _history.Store.ForgetAsync(Sample.Cell((round - 5) * Batch).To, Sample.Start, Cancellation);
            sizes.Add(new FileInfo(_history.File).Length);
        }

        Assert.True(sizes[^1] < 2 * sizes[9], $"From {sizes[9]} to {sizes[^1]} B: {string.Join(", ", sizes)}.");
        Assert.Equal(25, (await _history.Store.ReadAsync(Sample.All(HistoryGrid.Month) with { To = Sample.Start.AddYears(50) }, Cancellation)).Count);
        Assert.Equal(6 * Batch, (await _history.Store.ReadAsync(Sample.All(max: 1_000_000) with { To = Sample.Start.AddYears(50) }, Cancellation)).Count + 1);
    }

    [Fact]
    public async Task Cleared_it_begins_anew_and_keeps_how_devices_were()
    {
        await _history.Store.AppendAsync([Sample.Cell(0)], 5, Cancellation);
        await _history.Store.AppendAsync([Sample.Health(0)], Cancellation);
        await _history.Store.ClearAsync(Cancellation);
        Assert.Equal(0, await _history.Store.CursorAsync(Cancellation));
        Assert.Empty(await _history.Store.ReadAsync(Sample.All(), Cancellation));
        Assert.Single(await _history.Store.HealthAsync("counter-1", Sample.Start, Sample.Start.AddDays(1), 10, Cancellation));
        await _history.Store.AppendAsync([Sample.Cell(0)], 5, Cancellation);
        Assert.Equal([Sample.Cell(0)], await _history.Store.ReadAsync(Sample.All(), Cancellation));
    }
}
