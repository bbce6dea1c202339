using System.Globalization;
using Monitoring.Harness;
using static Monitoring.History.Tests.InfluxSamples;

namespace Monitoring.History.Tests;

/// <summary>The wire form of 1.x, against Debian's InfluxDB with authentication: what is written is read back by InfluxQL.</summary>
public sealed class InfluxServerTests(InfluxFixture fixture) : IClassFixture<InfluxFixture>
{
    private const string Columns = "value, err95, alive, total, unconfirmed, cells, cellsReleased, seconds, hourOfWeek, reason, terms, localDay, space, \"series\", kind, grid";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Fact]
    public async Task Every_point_is_read_back_as_it_was_written()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        HistoryGrid[] grids = [HistoryGrid.Cell, HistoryGrid.Hour, HistoryGrid.Day, HistoryGrid.Month];
        var points = grids.SelectMany(grid => Enumerable.Range(0, 5).Select(i => Point(Noon.AddDays(31 * i), i == 2 ? null : (10 + i) * 1_000_000_007L, "no-data", grid))).ToList();
        await place.Copy.AppendAsync(points);
        await place.Copy.AppendAsync(points);
        var rows = await place.RowsAsync($"SELECT {Columns} FROM crowd");
        Assert.Equal(points.Select(Expected).Order(), rows.Select(Read).Order());
    }

    [Fact]
    public async Task How_devices_were_is_read_back_from_the_other_database_alone()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        await place.Copy.AppendAsync(Health(Noon), Health(Noon, "counter-2", silent: null), Health(Noon.AddMinutes(5)));
        Assert.Empty(await place.RowsAsync("SHOW MEASUREMENTS"));
        var rows = await fixture.Server.QueryAsync("SELECT device, state, silentSeconds, batteryPercent, temperatureC, uptimeSeconds FROM device WHERE device = 'counter-2'", place.Health, Cancellation);
        var row = Assert.Single(rows);
        Assert.Equal((Noon.ToUnixTimeMilliseconds(), "never-heard", null, 87.5, -3L, 123_456L), ((long)row["time"]!, row["state"], row["silentSeconds"], row["batteryPercent"], row["temperatureC"], row["uptimeSeconds"]));
        Assert.Equal(3L, Assert.Single(await fixture.Server.QueryAsync("SELECT count(state) FROM device", place.Health, Cancellation))["count"]);
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task Names_and_texts_with_any_character_come_back_unchanged(int seed)
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        var chance = new Random(seed);
        var points = Enumerable.Range(0, 200).Select(i => Point(Noon.AddMinutes(15 * i), space: LineProtocolTests.AnyName(chance), series: LineProtocolTests.AnyName(chance), value: i % 2 == 0 ? null : i, reason: LineProtocolTests.AnyName(chance))).ToList();
        await place.Copy.AppendAsync(points);
        var written = points.Where(point => LineProtocol.IsName(point.Key.Space) && LineProtocol.IsName(point.Key.Series)).ToList();
        var rows = await place.RowsAsync($"SELECT {Columns} FROM crowd");
        Assert.Equal(written.Select(Expected).Order(StringComparer.Ordinal), rows.Select(Read).Order(StringComparer.Ordinal));
        Assert.Equal(points.Count - written.Count, place.Copy.Aside.Sum(aside => aside.Lines));

        // Names reach a delete in another notation.
        await place.Copy.AppendAsync([.. written.Select(point => point with { Shown = new ShownValue(null, "withdrawn", 12) })]);
        rows = await place.RowsAsync($"SELECT {Columns} FROM crowd");
        Assert.Equal(written.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal((null, "withdrawn"), (row["value"], row["reason"])));
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task Numbers_with_fractions_come_back_to_the_last_bit(int seed)
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        var chance = new Random(seed);
        double[] edges = [0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e16, 1e-7, 123456789012345680];
        var values = edges.Concat(Enumerable.Range(0, 200).Select(_ => BitConverter.Int64BitsToDouble(chance.NextInt64(long.MinValue, long.MaxValue))).Where(double.IsFinite)).ToList();
        await place.Copy.AppendAsync([.. values.Select((value, i) => Health(Noon.AddMinutes(i)) with { Values = new Dictionary<string, double> { ["x"] = value } })]);
        var rows = await fixture.Server.QueryAsync("SELECT x FROM device", place.Health, Cancellation);
        Assert.Equal(values, rows.Select(row => Convert.ToDouble(row["x"], CultureInfo.InvariantCulture)));
        Assert.Empty(place.Copy.Aside);
    }

    [Fact]
    public async Task A_withdrawn_number_is_gone_and_its_neighbours_stay()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        var cells = Cells(8);
        await place.Copy.AppendAsync([.. cells, .. cells.Select(cell => cell with { Key = cell.Key with { Series = "other" } })]);
        await place.Copy.AppendAsync([.. cells[2..5].Select(cell => cell with { Shown = new ShownValue(null, "withdrawn", 12) })]);
        var rows = await place.RowsAsync("SELECT value, reason, err95 FROM crowd WHERE \"series\" = 'gate-north/in'");
        Assert.Equal([50L, 51L, null, null, null, 55L, 56L, 57L], rows.Select(row => row["value"]));
        Assert.Equal([null, null, "withdrawn", "withdrawn", "withdrawn", null, null, null], rows.Select(row => row["reason"]));
        Assert.All(rows, row => Assert.Equal(12L, row["err95"]));
        Assert.Equal(8L, Assert.Single(await place.RowsAsync("SELECT count(value) FROM crowd WHERE \"series\" = 'other'"))["count"]);
    }

    [Fact]
    public async Task A_number_that_a_restored_ledger_does_not_know_is_gone_from_cell_hour_day_and_the_weeks_that_may_hold_it()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        HistoryGrid[] grids = [HistoryGrid.Cell, HistoryGrid.Hour, HistoryGrid.Day];
        List<HistoryPoint> points = [.. grids.Select(grid => Point(Noon, grid: grid))];
        await place.Copy.AppendAsync([.. points, Point(Noon.AddDays(1))]);
        await place.Copy.History.AppendWeeksAsync([Week(Noon, 11), Week(Noon.AddDays(1), 12)], Cancellation);
        await place.Copy.AppendAsync([.. points.Select(point => point with { Shown = new ShownValue(null, "restored", 12) })]);
        var rows = await place.RowsAsync("SELECT value, reason, grid FROM crowd");
        Assert.Equal([("P1D", null, "restored"), ("PT1H", null, "restored"), ("cell", null, "restored"), ("cell", 57L, null)], rows.Select(row => ((string)row["grid"]!, (long?)row["value"], (string?)row["reason"])).OrderBy(row => row.Item1, StringComparer.Ordinal).ThenBy(row => row.Item2));
        // The week that ends where they begin has nothing of them.
        Assert.Equal(Noon.ToUnixTimeMilliseconds(), Assert.Single(await place.RowsAsync("SELECT value FROM week"))["time"]);
    }

    [Fact]
    public async Task A_month_that_is_written_again_keeps_nothing_of_the_one_before()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        await place.Copy.AppendAsync(Point(Noon, null, grid: HistoryGrid.Month), Point(Noon, null, grid: HistoryGrid.Day));
        await place.Copy.AppendAsync(Point(Noon, 120, grid: HistoryGrid.Month));
        var row = Assert.Single(await place.RowsAsync("SELECT value, reason FROM crowd WHERE grid = 'P1M'"));
        Assert.Equal((120L, null), (row["value"], row["reason"]));
        await place.Copy.AppendAsync(Point(Noon, null, grid: HistoryGrid.Month));
        row = Assert.Single(await place.RowsAsync("SELECT value, reason FROM crowd WHERE grid = 'P1M'"));
        Assert.Equal((null, "suppressed"), (row["value"], row["reason"]));
        Assert.Single(await place.RowsAsync("SELECT reason FROM crowd WHERE grid = 'P1D'"));
    }

    [Fact]
    public async Task A_usual_week_has_a_point_for_each_hour_and_written_again_keeps_nothing_of_before()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        await place.Copy.History.AppendWeeksAsync([Week(Noon, 12.25)], Cancellation);
        await place.Copy.History.AppendWeeksAsync([Week(Noon, null), Week(Noon.AddDays(1), 13.5)], Cancellation);
        var rows = await place.RowsAsync("SELECT value, err95, hours, missing, minutes, reason, space, \"series\", kind, weekday, hour FROM week");
        Assert.Equal(
            [(Noon.ToUnixTimeMilliseconds(), null, "suppressed", "sun", "23"), (Noon.AddDays(1).ToUnixTimeMilliseconds(), 13.5, null, "sun", "23")],
            rows.Select(row => ((long)row["time"]!, row["value"], row["reason"], (string)row["weekday"]!, (string)row["hour"]!)));
        Assert.All(rows, row => Assert.Equal((2.5, 12L, 1L, 60L, "market", "gate-north/in", "flow"), (row["err95"], row["hours"], row["missing"], row["minutes"], row["space"], row["series"], row["kind"])));
    }

    [Fact]
    public async Task Weeks_of_one_space_leave_those_of_others_alone()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        var week = Week(Noon, 12);
        await place.Copy.History.AppendWeeksAsync([week], Cancellation);
        await place.Copy.History.AppendWeeksAsync([week with { Week = week.Week with { Space = "quay" } }], Cancellation);
        Assert.Equal(["market", "quay"], (await place.RowsAsync("SELECT value, space FROM week")).Select(row => (string)row["space"]!).Order());
    }

    [Fact]
    public async Task Where_a_number_is_withdrawn_the_weeks_that_may_hold_it_are_taken_back_and_clearing_takes_all_but_the_heads()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        var point = Point(Noon);
        await place.Copy.History.AppendWeeksAsync([Week(Noon.AddDays(-1), 11), Week(Noon.AddDays(1), 12), Week(Noon.AddDays(1), 14, "other")], Cancellation);
        await place.Copy.AppendAsync(point with { Shown = new ShownValue(null, "withdrawn", 12) });
        Assert.Equal([11.0, 14.0], (await place.RowsAsync("SELECT value, \"series\" FROM week")).Select(row => Convert.ToDouble(row["value"], CultureInfo.InvariantCulture)));

        await place.Copy.History.KeepHeadAsync(new LedgerMark(3, 3, "c0ffee"), Noon, Cancellation);
        await place.Copy.History.ClearAsync(Cancellation);
        Assert.Empty(await place.RowsAsync("SELECT * FROM week"));
        Assert.Single(await place.RowsAsync("SELECT * FROM ledger"));
    }

    [Fact]
    public async Task The_head_that_came_furthest_is_read_back_with_the_secret_that_may_read_and_with_no_other()
    {
        using var folder = new TemporaryFolder();
        var secret = folder.Write("head", "reads\n");
        await using var place = await fixture.PlaceAsync(Cancellation, change: MayRead(secret));
        Assert.Null(await place.Copy.History.HeadAsync(Cancellation));
        var newest = new LedgerMark((1L << 40) + 3, 77, "c0ffee");
        await place.Copy.History.KeepHeadAsync(newest, Noon, Cancellation);
        await place.Copy.History.KeepHeadAsync(new LedgerMark(3, 3, "0ld"), Noon.AddDays(-1), Cancellation);
        Assert.Equal(newest, await place.Copy.History.HeadAsync(Cancellation));

        // Kept while the clock was ahead: what comes after it is put right is further, and earlier.
        var further = newest with { Seq = newest.Seq + 1, Hash = "f00" };
        await place.Copy.History.KeepHeadAsync(further, Noon.AddDays(-2), Cancellation);
        Assert.Equal(further, await place.Copy.History.HeadAsync(Cancellation));

        await using var without = await fixture.PlaceAsync(Cancellation);
        await without.Copy.History.KeepHeadAsync(newest, Noon, Cancellation);
        Assert.Null(await without.Copy.History.HeadAsync(Cancellation));

        await using var wrong = await fixture.PlaceAsync(Cancellation, change: MayRead(folder.Write("guess", "guess\n")));
        var away = await wrong.Copy.AwayAsync(() => wrong.Copy.History.HeadAsync(Cancellation));
        Assert.True(away.NeedsPerson);
        Assert.Contains("put one that may read there into the file that Silo:History:Influx:HeadTokenFile names", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_head_of_a_ledger_is_not_taken_for_one()
    {
        using var folder = new TemporaryFolder();
        await using var place = await fixture.PlaceAsync(Cancellation, change: MayRead(folder.Write("head", "reads\n")));
        await fixture.WriteAsync(place.Released, $"ledger seq={long.MaxValue}i,number=1i,hash=\"x\" {Noon.ToUnixTimeMilliseconds()}", Cancellation);
        Assert.True((await place.Copy.AwayAsync(() => place.Copy.History.HeadAsync(Cancellation))).NeedsPerson);
    }

    [Fact]
    public async Task What_is_forgotten_goes_by_its_start_months_stay_and_clearing_leaves_the_equipment()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        HistoryGrid[] grids = [HistoryGrid.Cell, HistoryGrid.Hour, HistoryGrid.Day, HistoryGrid.Month];
        var before = Noon.AddDays(1);
        await place.Copy.AppendAsync([.. grids.SelectMany(grid => new[] { Point(Noon, grid: grid), Point(before.AddMilliseconds(-1), grid: grid), Point(before, grid: grid) })]);
        await place.Copy.AppendAsync(Health(Noon), Health(Noon.AddHours(1)));
        await place.Copy.History.ForgetAsync(before, Noon.AddHours(1), Cancellation);
        var rows = await place.RowsAsync("SELECT value, grid FROM crowd");
        Assert.Equal(["P1D", "P1M", "P1M", "P1M", "PT1H", "cell"], rows.Select(row => (string)row["grid"]!).Order(StringComparer.Ordinal));
        Assert.All(rows.Where(row => row["grid"] is not "P1M"), row => Assert.Equal(before.ToUnixTimeMilliseconds(), row["time"]));
        await place.Copy.History.ClearAsync(Cancellation);
        Assert.Empty(await place.RowsAsync("SELECT * FROM crowd"));
        Assert.Equal(Noon.AddHours(1).ToUnixTimeMilliseconds(), Assert.Single(await fixture.Server.QueryAsync("SELECT * FROM device", place.Health, Cancellation))["time"]);
    }

    [Fact]
    public async Task Lines_of_another_type_are_found_among_those_that_the_server_has_written_already()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        // Somebody wrote reasons as numbers.
        await fixture.WriteAsync(place.Released, "crowd,space=x reason=1i 1795000000000", Cancellation);
        var points = Cells(200).Select((point, i) => i % 10 == 3 ? point with { Shown = new ShownValue(null, "no-data", 12) } : point).ToList();
        await place.Copy.AppendAsync(points);
        Assert.Equal(180L, Assert.Single(await place.RowsAsync("SELECT count(value) FROM crowd"))["count"]);
        var aside = Assert.Single(place.Copy.Aside);
        Assert.Equal(("field-type", 20), (aside.Reason, aside.Lines));
        Assert.Equal($"market/gate-north/in cell {points[3].Key.From:O}", aside.Named[0]);
    }

    [Fact]
    public async Task Points_older_than_the_database_keeps_are_set_aside_and_the_newer_ones_are_there()
    {
        await using var place = await fixture.PlaceAsync(Cancellation, keep: "26d");
        var now = TimeProvider.System.GetUtcNow();
        var today = new DateTimeOffset(now.Year, now.Month, now.Day, 0, 0, 0, TimeSpan.Zero);
        await place.Copy.AppendAsync([.. Cells(500, today.AddDays(-60)), .. Cells(10, today.AddDays(-3))]);
        Assert.Equal(10L, Assert.Single(await place.RowsAsync("SELECT count(value) FROM crowd"))["count"]);
        Assert.Equal(("beyond-retention", 500), (Assert.Single(place.Copy.Aside).Reason, place.Copy.Aside[0].Lines));
    }

    [Fact]
    public async Task A_retention_policy_can_be_named_and_one_that_is_missing_is_reported()
    {
        await using var place = await fixture.PlaceAsync(Cancellation, change: options => options.RetentionPolicy = "long term");
        var away = await place.Copy.AwayAsync(() => place.Copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("long term", away.Message, StringComparison.Ordinal);
        await fixture.Server.QueryAsync($"CREATE RETENTION POLICY \"long term\" ON \"{place.Released}\" DURATION INF REPLICATION 1", "", Cancellation);
        await place.Copy.AppendAsync(Point(Noon));
        Assert.Single(await place.RowsAsync("SELECT value FROM \"long term\".crowd"));
        await place.Copy.History.ClearAsync(Cancellation);
        Assert.Empty(await place.RowsAsync("SELECT value FROM \"long term\".crowd"));
    }

    [Fact]
    public async Task A_wrong_password_is_reported_and_a_new_one_taken_from_its_file()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        await place.Copy.AppendAsync(Point(Noon));
        await fixture.Server.QueryAsync($"SET PASSWORD FOR \"{place.Copy.Options.AnalysisUser}\" = 'changed'", "", Cancellation);
        var away = await place.Copy.AwayAsync(() => place.Copy.AppendAsync(Point(Noon.AddHours(1))));
        Assert.True(away.NeedsPerson);
        Assert.Contains("401", away.Message, StringComparison.Ordinal);
        Assert.True((await place.Copy.AwayAsync(() => place.Copy.History.ClearAsync(Cancellation))).NeedsPerson);
        await File.WriteAllTextAsync(place.Copy.AnalysisFile, "changed", Cancellation);
        await place.Copy.AppendAsync(Point(Noon.AddHours(1)));
        Assert.Equal(2, (await place.RowsAsync("SELECT value FROM crowd")).Count);
    }

    [Fact]
    public async Task A_user_without_the_right_and_a_database_that_is_missing_are_reported()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        await fixture.Server.QueryAsync($"REVOKE WRITE ON \"{place.Released}\" FROM \"{place.Copy.Options.AnalysisUser}\"", "", Cancellation);
        var away = await place.Copy.AwayAsync(() => place.Copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("403", away.Message, StringComparison.Ordinal);
        Assert.True((await place.Copy.AwayAsync(() => place.Copy.AppendAsync(Point(Noon, null, "withdrawn")))).NeedsPerson);

        await fixture.Server.QueryAsync($"DROP DATABASE \"{place.Health}\"", "", Cancellation);
        foreach (var work in new[] { () => place.Copy.AppendAsync(Health(Noon)), () => place.Copy.History.ForgetAsync(DateTimeOffset.UnixEpoch, Noon, Cancellation) })
        {
            away = await place.Copy.AwayAsync(work);
            Assert.True(away.NeedsPerson);
            Assert.Contains(place.Health, away.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_of_the_other_interface_is_reported()
    {
        await using var place = await fixture.PlaceAsync(Cancellation, change: options => options.Version = 2);
        var away = await place.Copy.AwayAsync(() => place.Copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("Version", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Months_of_many_series_are_written_again_in_one_call()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        var months = Enumerable.Range(0, 1_000).Select(i => Point(Noon, grid: HistoryGrid.Month, series: $"s{i}")).ToList();
        await place.Copy.AppendAsync([.. months.Select(month => month with { Shown = new ShownValue(null, "suppressed", 12) })]);
        await place.Copy.AppendAsync(months);
        var row = Assert.Single(await place.RowsAsync("SELECT count(value) AS shown, count(reason) AS hidden FROM crowd"));
        Assert.Equal((1_000L, null), (row["shown"], row["hidden"]));
    }

    [Fact]
    public async Task Twenty_thousand_points_go_in_batches_and_are_all_there()
    {
        await using var place = await fixture.PlaceAsync(Cancellation);
        await place.Copy.AppendAsync(Cells(20_000, Noon.AddDays(-209)));
        Assert.Equal(20_000L, Assert.Single(await place.RowsAsync("SELECT count(value) FROM crowd"))["count"]);
    }

    [Fact]
    public async Task While_the_server_is_away_the_caller_is_told_and_what_was_acknowledged_survives_its_kill()
    {
        // A server of its own: others go on writing to the shared one.
        await using var own = new InfluxFixture();
        await own.InitializeAsync();
        await using var place = await own.PlaceAsync(Cancellation);
        await place.Copy.AppendAsync(Cells(100));
        await own.Server.KillAsync();
        foreach (var work in new[] { () => place.Copy.AppendAsync(Cells(200)), () => place.Copy.AppendAsync(Health(Noon)), () => place.Copy.History.ClearAsync(Cancellation) })
            Assert.False((await place.Copy.AwayAsync(work)).NeedsPerson);
        await own.Server.StartAgainAsync(Cancellation);
        Assert.Equal(100, (await place.RowsAsync("SELECT value FROM crowd")).Count);
        await place.Copy.AppendAsync(Cells(200));
        Assert.Equal(200, (await place.RowsAsync("SELECT value FROM crowd")).Count);
    }

    private static string Expected(HistoryPoint point) => string.Join("|",
        point.Key.From.ToUnixTimeMilliseconds(), point.Shown.Value, point.Shown.Err95, point.Coverage.Alive, point.Coverage.Total, point.Coverage.Unconfirmed ? 1 : 0, point.Coverage.Cells, point.Coverage.CellsReleased,
        (long)(point.To - point.Key.From).TotalSeconds, point.HourOfWeek, point.Shown.Reason, point.TermsVersion, $"{point.LocalDay:yyyy-MM-dd}", point.Key.Space, point.Key.Series, "flow", point.Key.Grid.ToName());

    private static Action<InfluxOptions> MayRead(string secret) => options => (options.HeadTokenFile, options.HeadUser) = (secret, $"{options.AnalysisBucket}_reader");

    private static UsualWeek Week(DateTimeOffset at, double? mean, string series = "gate-north/in") => new(
        HistoryKind.Flow,
        at,
        new WeekProfile("market", series, "Europe/Brussels", at.AddDays(-84), at, [.. Enumerable.Range(0, 168).Select(hour => hour == 167 ? new HourOfWeek(hour, mean, mean is null ? "suppressed" : null, 2.5, 12, 1, 60) : new HourOfWeek(hour, null, "no-data", null, 0, 0, null))]));

    private static string Read(InfluxRow row) => string.Join("|", Columns.Replace("\"", "", StringComparison.Ordinal).Split(", ").Prepend("time").Select(column => row[column]));
}
