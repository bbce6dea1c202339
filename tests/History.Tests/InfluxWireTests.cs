using System.Globalization;
using System.Text;
using Monitoring.Harness;
using static Monitoring.History.Tests.InfluxSamples;

namespace Monitoring.History.Tests;

/// <summary>The wire form of 2.x, against what its documentation promises. No InfluxDB 2 was run.</summary>
public sealed class InfluxWireTests : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private readonly InfluxRecorder _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 10)];

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_number_and_its_terms_are_one_line_stamped_with_its_start()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon));
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("/api/v2/write", "?org=analysis&bucket=released&precision=ms", $"Token {Token}"), (request.Path, request.Query, request.Authorization));
        Assert.Equal(
            "crowd,grid=cell,kind=flow,series=gate-north/in,space=market value=57i,err95=12i,alive=2i,total=3i,unconfirmed=1i,cells=1i,cellsReleased=1i,seconds=900i,hourOfWeek=108i,terms=7i,localDay=\"2026-11-20\" 1795176000000\n",
            request.Body);
    }

    [Fact]
    public async Task Where_nothing_is_shown_there_is_a_reason_and_no_value()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon, value: null, reason: "no-data"));
        Assert.Contains("crowd,grid=cell,kind=flow,series=gate-north/in,space=market err95=12i,", Assert.Single(_server.Requests).Body, StringComparison.Ordinal);
        var fields = Assert.Single(_server.Points).Value;
        Assert.Equal("no-data", fields["reason"]);
        Assert.DoesNotContain("value", fields.Keys);
    }

    [Fact]
    public async Task How_a_device_was_goes_to_the_other_bucket_with_the_other_token()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Health(Noon), Health(Noon, "counter-2", silent: null));
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("?org=operations&bucket=health&precision=ms", $"Token {OtherToken}"), (request.Query, request.Authorization));
        Assert.Equal(
            "device,device=counter-1,space=market state=\"ok\",silentSeconds=30i,batteryPercent=87.5,temperatureC=-3,uptimeSeconds=123456 1795176000000\n"
            + "device,device=counter-2,space=market state=\"never-heard\",batteryPercent=87.5,temperatureC=-3,uptimeSeconds=123456 1795176000000\n",
            request.Body);
    }

    [Fact]
    public async Task A_value_that_a_device_calls_like_a_field_of_ours_does_not_take_its_place()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Health(Noon) with { Values = new Dictionary<string, double> { ["state"] = 1, ["silentSeconds"] = 2, ["time"] = 3, ["noise dB"] = 61.5, ["broken"] = double.NaN } });
        Assert.Equal("device,device=counter-1,space=market state=\"ok\",silentSeconds=30i,noise\\ dB=61.5 1795176000000\n", Assert.Single(_server.Requests).Body);
    }

    [Fact]
    public async Task The_noisy_sum_and_what_it_is_known_by_stay_in_the_hub()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon), Point(Noon, value: null, grid: HistoryGrid.Hour), Point(Noon, grid: HistoryGrid.Day), Point(Noon, grid: HistoryGrid.Month));
        foreach (var request in _server.Requests)
        {
            Assert.DoesNotContain($"{Noisy}", request.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("250000", request.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_to_write_is_no_request()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(new List<HistoryPoint>());
        await copy.AppendAsync(new List<HealthPoint>());
        Assert.Empty(_server.Requests);
        Assert.Null(await copy.History.CursorAsync(Cancellation));
        Assert.Equal("influxdb", copy.History.Name);
    }

    [Theory]
    [InlineData(10, new[] { 10 })]
    [InlineData(11, new[] { 10, 1 })]
    [InlineData(25, new[] { 10, 10, 5 })]
    public async Task A_request_has_no_more_lines_than_is_set(int points, int[] lines)
    {
        using var copy = new InfluxCopy(_server.Url, options => options.BatchLines = 10);
        await copy.AppendAsync(Cells(points));
        Assert.Equal(lines, _server.Requests.Select(request => request.Body.Count(character => character == '\n')));
        Assert.Equal(points, _server.Points.Count);
    }

    [Theory]
    [InlineData(0, new[] { 5, 5 })]
    [InlineData(-1, new[] { 4, 4, 2 })]
    public async Task A_request_has_no_more_bytes_than_is_set(int more, int[] lines)
    {
        using (var probe = new InfluxCopy(_server.Url))
            await probe.AppendAsync(Cells(1));
        var line = Encoding.UTF8.GetByteCount(_server.Requests[0].Body);
        using var copy = new InfluxCopy(_server.Url, options => options.BatchBytes = (5 * line) + more);
        await copy.AppendAsync(Cells(10));
        Assert.Equal(lines, _server.Requests.Skip(1).Select(request => request.Body.Count(character => character == '\n')));
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task With_400_nothing_is_written_so_the_batch_is_split_down_to_the_bad_lines(int seed)
    {
        var chance = new Random(seed);
        var points = Cells(chance.Next(2, 200));
        var bad = points.Where(_ => chance.Next(10) == 0).Select(point => point.Key.From.ToUnixTimeMilliseconds()).ToHashSet();
        _server.IsMalformed = line => bad.Contains(line.Ms);
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(points);
        Assert.Equal(points.Select(point => point.Key.From.ToUnixTimeMilliseconds()).Where(ms => !bad.Contains(ms)).Order(), _server.Points.Keys.Select(key => key.Ms).Order());
        Assert.Equal(bad.Count, copy.Aside.Sum(aside => aside.Lines));
        Assert.All(copy.Aside, aside => Assert.Equal("unreadable", aside.Reason));
        Assert.True(_server.Requests.Count <= (2 * points.Count) - 1, $"{_server.Requests.Count} requests for {points.Count} lines.");
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task With_422_the_others_are_written_already_and_the_bad_lines_are_found(int seed)
    {
        var chance = new Random(seed);
        var points = Cells(chance.Next(2, 200));
        var bad = points.Where(_ => chance.Next(10) == 0).Select(point => point.Key.From.ToUnixTimeMilliseconds()).ToHashSet();
        _server.IsRejected = line => bad.Contains(line.Ms);
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(points);
        Assert.Equal(points.Count - bad.Count, _server.Points.Count);
        Assert.Equal(bad.Count, copy.Aside.Sum(aside => aside.Lines));
        Assert.All(copy.Aside, aside => Assert.Equal("field-type", aside.Reason));
    }

    [Fact]
    public async Task What_is_set_aside_is_named_without_its_number()
    {
        _server.IsMalformed = line => line.Ms == Noon.ToUnixTimeMilliseconds();
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Cells(3));
        var aside = Assert.Single(copy.Aside);
        Assert.Equal(("analysis/released", "unreadable", 1), (aside.Destination, aside.Reason, aside.Lines));
        Assert.Equal(["market/gate-north/in cell 2026-11-20T12:00:00.0000000+00:00"], aside.Named);
    }

    [Fact]
    public async Task No_more_than_twenty_are_named_and_all_are_counted()
    {
        _server.Tokens[("analysis", "named")] = Token;
        _server.IsMalformed = line => line.Ms % 1_800_000 == 0;
        using var copy = new InfluxCopy(_server.Url, options => options.AnalysisBucket = "named");
        using var aside = new CountedLines("monitoring.history.influx.set_aside", "analysis/named");
        using var written = new CountedLines("monitoring.history.influx.lines", "analysis/named");
        await copy.AppendAsync(Cells(60));
        Assert.Equal((30, InfluxSetAside.NamedMax), (Assert.Single(copy.Aside).Lines, copy.Aside[0].Named.Count));
        Assert.Equal((30, 30), (aside.Count, written.Count));
    }

    [Fact]
    public async Task A_name_that_the_protocol_cannot_say_is_set_aside_unasked_and_harms_no_other()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon, series: "ends\\"), Point(Noon), Point(Noon, space: "line\nend", value: null, reason: "withdrawn"));
        Assert.Equal(("unwritable", 2), (Assert.Single(copy.Aside).Reason, copy.Aside[0].Lines));
        Assert.Equal("line?end/gate-north/in cell 2026-11-20T12:00:00.0000000+00:00", copy.Aside[0].Named[1]);
        Assert.Equal("/api/v2/write", Assert.Single(_server.Requests).Path);
        Assert.Single(_server.Points);
    }

    [Fact]
    public async Task With_413_the_batch_is_halved_until_it_is_taken()
    {
        _server.BodyBytesMax = 1_000;
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Cells(50));
        Assert.Equal(50, _server.Points.Count);
        Assert.Empty(copy.Aside);
    }

    [Fact]
    public async Task A_single_line_that_is_too_large_is_set_aside()
    {
        _server.BodyBytesMax = 300;
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon), Point(Noon, series: new string('x', 200)), Point(Noon, series: "b"));
        Assert.Equal(2, _server.Points.Count);
        Assert.Equal("too-large", Assert.Single(copy.Aside).Reason);
    }

    [Fact]
    public async Task When_a_hundred_lines_in_a_row_are_refused_somebody_is_asked_for_and_nothing_more_is_set_aside()
    {
        _server.IsMalformed = _ => true;
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Cells(InfluxHistory.RefusedRunMax - 1));
        Assert.Equal(InfluxHistory.RefusedRunMax - 1, copy.Aside.Sum(aside => aside.Lines));
        await copy.AppendAsync(Cells(1));
        var away = await copy.AwayAsync(() => copy.AppendAsync(Cells(40)));
        Assert.True(away.NeedsPerson);
        Assert.Equal(InfluxHistory.RefusedRunMax, copy.Aside.Sum(aside => aside.Lines));

        _server.IsMalformed = _ => false;
        await copy.AppendAsync(Cells(40));
        Assert.Equal(40, _server.Points.Count);
    }

    [Fact]
    public async Task A_run_of_refused_lines_ends_with_one_that_is_taken()
    {
        using var copy = new InfluxCopy(_server.Url);
        for (var i = 0; i < 3; i++)
        {
            _server.IsMalformed = _ => true;
            await copy.AppendAsync(Cells(InfluxHistory.RefusedRunMax - 1));
            _server.IsMalformed = _ => false;
            await copy.AppendAsync(Cells(1));
        }

        Assert.Equal(3 * (InfluxHistory.RefusedRunMax - 1), copy.Aside.Sum(aside => aside.Lines));
    }

    [Theory]
    [InlineData("failure writing points to database: partial write: points beyond retention policy dropped=500")]
    [InlineData("failure writing points to database: partial write: dropped 500 points outside retention policy of duration 720h0m0s")]
    public async Task Points_older_than_the_bucket_keeps_are_set_aside_at_once_and_stop_nothing(string message)
    {
        using var copy = new InfluxCopy(_server.Url);
        _server.Next(new ScriptedAnswer(422, $"{{\"code\":\"unprocessable entity\",\"message\":\"{message}\"}}"));
        await copy.AppendAsync(Cells(500));
        Assert.Equal(("beyond-retention", 500), (Assert.Single(copy.Aside).Reason, copy.Aside[0].Lines));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task With_401_somebody_is_told_which_file_to_mend()
    {
        _server.Tokens[("analysis", "released")] = "another";
        using var copy = new InfluxCopy(_server.Url);
        var away = await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("Silo:History:Influx:AnalysisTokenFile", away.Message, StringComparison.Ordinal);
        Assert.Contains("401", away.Message, StringComparison.Ordinal);
        Assert.Empty(copy.Aside);
    }

    [Fact]
    public async Task A_token_that_was_changed_is_taken_from_its_file_without_a_word()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon));
        _server.Tokens[("analysis", "released")] = "tok-new";
        await File.WriteAllTextAsync(copy.AnalysisFile, "tok-new\n", Cancellation);
        await copy.AppendAsync(Point(Noon.AddHours(1)));
        Assert.Equal(2, _server.Points.Count);
        Assert.Equal([$"Token {Token}", $"Token {Token}", "Token tok-new"], _server.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task A_token_that_stays_wrong_is_tried_once_per_call()
    {
        using var copy = new InfluxCopy(_server.Url, analysis: "wrong");
        await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.Single(_server.Requests);
        await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task The_token_of_one_bucket_does_not_open_the_other()
    {
        using var copy = new InfluxCopy(_server.Url, operations: Token);
        await copy.AppendAsync(Point(Noon));
        var away = await copy.AwayAsync(() => copy.AppendAsync(Health(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("Silo:History:Influx:OperationsTokenFile", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_404_somebody_is_told_which_bucket_is_missing()
    {
        using var copy = new InfluxCopy(_server.Url, options => options.AnalysisBucket = "relaesed");
        var away = await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("analysis/relaesed", away.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "37", 37)]
    [InlineData(503, "0", 0)]
    [InlineData(503, "999999", 3_600)]
    [InlineData(429, "Fri, 20 Nov 2026 12:02:00 GMT", 120)]
    [InlineData(503, "Fri, 20 Nov 2026 11:00:00 GMT", 0)]
    [InlineData(503, "Fri, 20 Nov 2099 12:00:00 GMT", 3_600)]
    [InlineData(503, "soon", null)]
    [InlineData(503, "-5", null)]
    [InlineData(429, null, null)]
    [InlineData(500, null, null)]
    [InlineData(502, null, null)]
    [InlineData(504, null, null)]
    [InlineData(408, null, null)]
    public async Task A_server_that_is_busy_is_left_alone_for_as_long_as_it_asks_within_an_hour(int status, string? retryAfter, int? seconds)
    {
        using var copy = new InfluxCopy(_server.Url);
        _server.Next(new ScriptedAnswer(status, "{}", retryAfter));
        var away = await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.False(away.NeedsPerson);
        Assert.Equal(seconds, away.RetryAfter?.TotalSeconds);
        await copy.AppendAsync(Point(Noon));
        Assert.Single(_server.Points);
    }

    [Fact]
    public async Task A_server_without_an_answer_counts_as_away_after_the_time_that_is_set()
    {
        using var copy = new InfluxCopy(_server.Url, options => options.TimeoutSeconds = 7);
        _server.NextIsSlow();
        var append = copy.AppendAsync(Point(Noon));
        await Waiting.UntilAsync("the request is there", () => Task.FromResult(_server.Requests.Count == 1), Within, Cancellation);
        copy.Time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(append.IsCompleted);
        copy.Time.Advance(TimeSpan.FromSeconds(0.1));
        var away = await copy.AwayAsync(() => append.WaitAsync(Within, Cancellation));
        Assert.False(away.NeedsPerson);
        Assert.Contains("7 s", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_end_is_read_no_further_than_its_limit()
    {
        using var copy = new InfluxCopy(_server.Url);
        _server.NextIsEndless(503);
        var away = await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)).WaitAsync(Within, Cancellation));
        Assert.False(away.NeedsPerson);
    }

    [Fact]
    public async Task A_connection_that_is_cut_counts_as_away()
    {
        using var copy = new InfluxCopy(_server.Url);
        _server.NextIsCut();
        Assert.False((await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)))).NeedsPerson);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(503)]
    public async Task A_connection_that_is_cut_within_an_answer_sets_nothing_aside(int status)
    {
        using var copy = new InfluxCopy(_server.Url);
        _server.NextIsCutWithin(status);
        Assert.False((await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)))).NeedsPerson);
        Assert.Empty(copy.Aside);
        await copy.AppendAsync(Point(Noon));
        Assert.Single(_server.Points);
    }

    [Fact]
    public async Task Nobody_listening_counts_as_away()
    {
        _server.Dispose();
        using var copy = new InfluxCopy(_server.Url);
        Assert.False((await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)))).NeedsPerson);
    }

    [Fact]
    public async Task What_was_written_but_not_answered_is_there_once_after_it_is_written_again()
    {
        using var copy = new InfluxCopy(_server.Url, options => options.BatchLines = 10);
        _server.LosesNextAnswer = true;
        await copy.AwayAsync(() => copy.AppendAsync(Cells(30)));
        Assert.Equal(10, _server.Points.Count);
        await copy.AppendAsync(Cells(30));
        Assert.Equal(30, _server.Points.Count);
        Assert.Empty(copy.Aside);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(302)]
    [InlineData(405)]
    [InlineData(415)]
    public async Task Whoever_answers_unlike_InfluxDB_has_written_nothing_and_is_reported(int status)
    {
        using var copy = new InfluxCopy(_server.Url);
        _server.Next(new ScriptedAnswer(status, "<html>Welcome</html>", Location: _server.Url + "/elsewhere"));
        var away = await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("Silo:History:Influx:Url", away.Message, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_his_own_end_and_not_a_fault_of_the_server()
    {
        using var copy = new InfluxCopy(_server.Url);
        using var mine = new CancellationTokenSource();
        _server.NextIsSlow();
        var append = copy.History.AppendAsync([Point(Noon)], 1, mine.Token);
        await Waiting.UntilAsync("the request is there", () => Task.FromResult(_server.Requests.Count == 1), Within, Cancellation);
        await mine.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
    }

    [Fact]
    public async Task A_withdrawn_number_is_gone_and_only_its_reason_stays()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Cells(4));
        await copy.AppendAsync(Point(Noon.AddMinutes(15), value: null, reason: "withdrawn"));
        Assert.Equal(["/api/v2/write", "/api/v2/delete", "/api/v2/delete", "/api/v2/write"], _server.Requests.Select(request => request.Path));
        Assert.Equal(
            """{"start":"2026-11-20T12:15:00.000Z","stop":"2026-11-20T12:29:59.999Z","predicate":"\u0022_measurement\u0022=\u0022crowd\u0022 AND \u0022grid\u0022=\u0022cell\u0022 AND \u0022series\u0022=\u0022gate-north/in\u0022 AND \u0022space\u0022=\u0022market\u0022"}""",
            _server.Requests[1].Body);
        Assert.Equal("?org=analysis&bucket=released", _server.Requests[1].Query);

        // And the usual weeks that may hold it.
        Assert.StartsWith("""{"start":"2026-11-20T12:15:00.001Z","stop":"2261-12-31T23:59:59.999Z","predicate":"\u0022_measurement\u0022=\u0022week\u0022 AND \u0022series\u0022=""", _server.Requests[2].Body, StringComparison.Ordinal);
        Assert.Equal(4, _server.Points.Count);
        var (_, withdrawn) = _server.Points.Single(point => point.Key.Ms == Noon.AddMinutes(15).ToUnixTimeMilliseconds());
        Assert.Equal("withdrawn", withdrawn["reason"]);
        Assert.DoesNotContain("value", withdrawn.Keys);
    }

    [Fact]
    public async Task Withdrawn_neighbours_are_deleted_together_and_nothing_beside_them()
    {
        using var copy = new InfluxCopy(_server.Url);
        var all = Cells(96).Concat(Cells(96).Select(cell => cell with { Key = cell.Key with { Series = "gate-north/out" } })).ToList();
        await copy.AppendAsync(all);
        var withdrawn = all.Where((point, i) => i is >= 10 and < 20 or 30 or >= 100 and < 110).Select(point => point with { Shown = new ShownValue(null, "withdrawn", 12) }).ToList();
        await copy.AppendAsync([.. withdrawn.AsEnumerable().Reverse()]);
        Assert.Equal(3, _server.Requests.Count(request => request.Path == "/api/v2/delete" && request.Body.Contains("crowd", StringComparison.Ordinal)));
        Assert.Equal(all.Count, _server.Points.Count);
        Assert.Equal(all.Count - withdrawn.Count, _server.Points.Values.Count(fields => fields.ContainsKey("value")));
    }

    [Fact]
    public async Task The_head_of_the_ledger_is_asked_for_in_InfluxQL_with_its_own_token()
    {
        using var folder = new TemporaryFolder();
        using var copy = new InfluxCopy(_server.Url, options => options.HeadTokenFile = folder.Write("head", "tok-head\n"));
        _server.Next(new ScriptedAnswer(200, """{"results":[{"statement_id":0,"series":[{"name":"ledger","columns":["time","seq","number","hash"],"values":[["2026-11-20T12:00:00Z",4294967299,77,"c0ffee"]]}]}]}"""));
        Assert.Equal(new LedgerMark(4_294_967_299, 77, "c0ffee"), await copy.History.HeadAsync(Cancellation));
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("/query", "?db=released", "Token tok-head"), (request.Path, request.Query, request.Authorization));
        Assert.Equal("q=SELECT+MAX%28%22seq%22%29%2C+%22number%22%2C+%22hash%22+FROM+%22ledger%22", request.Body);

        foreach (var nonsense in (string[])["", "[]", "{}", """{"results":[]}""", """{"results":[{"series":[{"values":[["x",1.5,2,"y"]]}]}]}""", """{"results":[{"series":[{"values":[["x",-1,2,"y"]]}]}]}"""])
        {
            _server.Next(new ScriptedAnswer(200, nonsense));
            Assert.True((await copy.AwayAsync(() => copy.History.HeadAsync(Cancellation))).NeedsPerson, nonsense);
        }

        _server.Next(new ScriptedAnswer(200, """{"results":[{"statement_id":0,"error":"timeout"}]}"""));
        Assert.False((await copy.AwayAsync(() => copy.History.HeadAsync(Cancellation))).NeedsPerson);
        _server.Next(new ScriptedAnswer(200, """{"results":[{"statement_id":0}]}"""));
        Assert.Null(await copy.History.HeadAsync(Cancellation));

        await copy.History.KeepHeadAsync(new LedgerMark(3, 2, "ab\"c"), Noon, Cancellation);
        Assert.Equal("ledger seq=3i,number=2i,hash=\"ab\\\"c\" 1795176000000\n", _server.Requests[^1].Body);
    }

    [Fact]
    public async Task A_month_that_is_written_again_keeps_nothing_of_the_one_before()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon, value: null, grid: HistoryGrid.Month));
        await copy.AppendAsync(Point(Noon, value: 120, grid: HistoryGrid.Month));
        Assert.DoesNotContain("reason", Assert.Single(_server.Points).Value.Keys);
        await copy.AppendAsync(Point(Noon, value: null, grid: HistoryGrid.Month));
        Assert.DoesNotContain("value", Assert.Single(_server.Points).Value.Keys);
    }

    [Fact]
    public async Task A_delete_that_fails_writes_nothing_after_it()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon));
        _server.Next(new ScriptedAnswer(503));
        await copy.AwayAsync(() => copy.AppendAsync(Point(Noon, value: null, reason: "withdrawn")));
        Assert.Equal(57L, Assert.Single(_server.Points).Value["value"]);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task What_is_forgotten_goes_by_its_start_and_months_stay()
    {
        using var copy = new InfluxCopy(_server.Url);
        HistoryGrid[] grids = [HistoryGrid.Cell, HistoryGrid.Hour, HistoryGrid.Day, HistoryGrid.Month];
        var before = Noon.AddDays(1);
        await copy.AppendAsync([.. grids.SelectMany(grid => new[] { Point(Noon, grid: grid), Point(before, grid: grid) })]);
        await copy.AppendAsync(Health(Noon), Health(Noon.AddHours(1)));
        await copy.History.ForgetAsync(before, Noon.AddHours(1), Cancellation);
        Assert.Equal(5, _server.Points.Keys.Count(key => key.Bucket == "released"));
        Assert.Equal("P1M", Grid(Assert.Single(_server.Points.Keys, key => key.Bucket == "released" && key.Ms == Noon.ToUnixTimeMilliseconds())));
        Assert.Equal(Noon.AddHours(1).ToUnixTimeMilliseconds(), Assert.Single(_server.Points.Keys, key => key.Bucket == "health").Ms);

        static string Grid((string Bucket, string Series, long Ms) key) => key.Series.Split('\n').Single(tag => tag.StartsWith("grid\t", StringComparison.Ordinal))["grid\t".Length..];
    }

    [Fact]
    public async Task To_forget_nothing_is_no_request()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.History.ForgetAsync(DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, Cancellation);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task To_clear_deletes_all_releases_and_nothing_of_the_equipment()
    {
        using var copy = new InfluxCopy(_server.Url);
        await copy.AppendAsync(Point(Noon), Point(new DateTimeOffset(1999, 1, 1, 0, 0, 0, TimeSpan.Zero)), Point(new DateTimeOffset(2261, 12, 31, 0, 0, 0, TimeSpan.Zero), grid: HistoryGrid.Month));
        await copy.AppendAsync(Health(Noon));
        await copy.History.ClearAsync(Cancellation);
        Assert.Equal("health", Assert.Single(_server.Points.Keys).Bucket);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("two\nlines")]
    [InlineData("not-ascii-ü")]
    public async Task A_file_without_a_secret_is_reported_and_nothing_is_sent(string content)
    {
        using var copy = new InfluxCopy(_server.Url, analysis: content);
        var away = await copy.AwayAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        Assert.Contains("Silo:History:Influx:AnalysisTokenFile", away.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_reported_and_taken_when_it_is_there()
    {
        using var copy = new InfluxCopy(_server.Url);
        File.Delete(copy.AnalysisFile);
        var away = await Assert.ThrowsAsync<HistoryAwayException>(() => copy.AppendAsync(Point(Noon)));
        Assert.True(away.NeedsPerson);
        await File.WriteAllTextAsync(copy.AnalysisFile, Token, Cancellation);
        await copy.AppendAsync(Point(Noon));
        Assert.Single(_server.Points);
    }

    [Theory]
    [InlineData(InfluxTarget.SecretBytesMax, true)]
    [InlineData(InfluxTarget.SecretBytesMax + 1, false)]
    public async Task A_secret_has_a_longest_length(int bytes, bool isTaken)
    {
        var secret = new string('s', bytes);
        _server.Tokens[("analysis", "released")] = secret;
        using var copy = new InfluxCopy(_server.Url);
        await File.WriteAllTextAsync(copy.AnalysisFile, secret, Cancellation);
        if (isTaken)
            await copy.AppendAsync(Point(Noon));
        else
            Assert.True((await Assert.ThrowsAsync<HistoryAwayException>(() => copy.AppendAsync(Point(Noon)))).NeedsPerson);
        Assert.Equal(isTaken ? 1 : 0, _server.Points.Count);
    }

    [Fact]
    public async Task Requests_are_counted_by_what_came_of_them()
    {
        using var copy = new InfluxCopy(_server.Url);
        foreach (var (status, outcome) in new[] { (204, "done"), (400, "refused"), (422, "refused"), (413, "refused"), (401, "denied"), (403, "denied"), (404, "not-found"), (429, "busy"), (503, "busy"), (302, "not-influxdb") })
        {
            using var counted = new CountedLines("monitoring.history.influx.requests", outcome);
            _server.Next(new ScriptedAnswer(status, "{}"));
            var fault = await Record.ExceptionAsync(() => copy.AppendAsync(Point(Noon)));
            Assert.True(counted.Count > 0, $"{status} is not counted as {outcome}: {fault}");
        }

        using var unreachable = new CountedLines("monitoring.history.influx.requests", "unreachable");
        _server.NextIsCut();
        await Record.ExceptionAsync(() => copy.AppendAsync(Point(Noon)));
        Assert.True(unreachable.Count > 0);
    }

    [Fact]
    public async Task An_address_may_have_a_path_and_names_may_have_any_character()
    {
        _server.Tokens[("Stadt & Kanton", "a/b?c=1")] = Token;
        using var copy = new InfluxCopy(_server.Url + "/", options => (options.AnalysisOrganisation, options.AnalysisBucket) = ("Stadt & Kanton", "a/b?c=1"));
        await copy.AppendAsync(Point(Noon));
        Assert.Equal("a/b?c=1", Assert.Single(_server.Points.Keys).Bucket);
        using var behind = new InfluxCopy(_server.Url + "/influx");
        await Record.ExceptionAsync(() => behind.AppendAsync(Point(Noon)));
        Assert.Equal("/influx/api/v2/write", _server.Requests[^1].Path);
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("http://influxdb:8086", "a", "b", null)]
    [InlineData("https://influxdb:8086/path", "a", "b", null)]
    [InlineData("http://user:secret@influxdb:8086", "a", "b", "Url")]
    [InlineData("http://influxdb:8086?token=secret", "a", "b", "Url")]
    [InlineData("influxdb:8086", "a", "b", "Url")]
    [InlineData("ftp://influxdb", "a", "b", "Url")]
    [InlineData("http://influxdb:8086", null, "b", "AnalysisTokenFile")]
    [InlineData("http://influxdb:8086", "a", "", "OperationsTokenFile")]
    public void Settings_that_cannot_work_are_found_at_the_start(string? url, string? analysis, string? operations, string? wrong)
    {
        var options = new InfluxOptions { Url = url, AnalysisTokenFile = analysis, OperationsTokenFile = operations };
        var found = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        System.ComponentModel.DataAnnotations.Validator.TryValidateObject(options, new(options), found, validateAllProperties: true);
        Assert.Equal(wrong is null ? [] : [wrong], found.SelectMany(result => result.MemberNames));
        Assert.All(found, result => Assert.DoesNotContain("secret@", result.ErrorMessage!, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_that_can_be_printed_holds_a_secret()
    {
        using var copy = new InfluxCopy(_server.Url);
        var target = new InfluxTarget("analysis", "released", "user", copy.AnalysisFile, "setting");
        Assert.Equal(Token, target.Secret());
        foreach (var text in new[] { target.ToString(), copy.History.ToString()!, copy.Options.ToString()!, string.Create(CultureInfo.InvariantCulture, $"{target}") })
            Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
    }
}
