using DuckDB.NET.Data;
using Microsoft.Extensions.Time.Testing;

namespace Monitoring.History.Tests;

public sealed class DuckDbLimitsTests
{
    private const string Endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE (a.range + b.range) % 7 = 3";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task So_many_questions_run_so_many_wait_and_one_more_is_told_to_come_again()
    {
        using var gate = new QueryGate(running: 2, waiting: 1);
        var first = await gate.EnterAsync(Cancellation);
        var second = await gate.EnterAsync(Cancellation);
        var third = gate.EnterAsync(Cancellation);
        Assert.False(third.IsCompleted);
        var away = await Assert.ThrowsAsync<HistoryAwayException>(() => gate.EnterAsync(Cancellation));
        Assert.NotNull(away.RetryAfter);
        Assert.False(away.NeedsPerson);
        first.Dispose();
        first.Dispose();
        using (await third)
        {
            var fourth = gate.EnterAsync(Cancellation);
            Assert.False(fourth.IsCompleted);
            second.Dispose();
            (await fourth).Dispose();
        }
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_the_place_to_another()
    {
        using var gate = new QueryGate(running: 1, waiting: 1);
        using var turn = await gate.EnterAsync(Cancellation);
        using var leaving = new CancellationTokenSource();
        var waiting = gate.EnterAsync(leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = gate.EnterAsync(Cancellation);
        turn.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task A_question_that_takes_too_long_is_broken_off_and_the_next_is_answered()
    {
        var time = new FakeTimeProvider();
        using var history = new TemporaryHistory();
        using var engine = new DuckDbEngine(history.File, new HistoryOptions { QuerySeconds = 30 }, time);
        var asked = engine.AskAsync(connection => Sql.Scalar(connection, Endless), Cancellation);
        while (!asked.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation));
        }

        var away = await Assert.ThrowsAsync<HistoryAwayException>(() => asked);
        Assert.Contains("longer than 30 s", away.Message, StringComparison.Ordinal);
        Assert.Equal(1L, Convert.ToInt64(await engine.AskAsync(connection => Sql.Scalar(connection, "SELECT 1"), Cancellation), null));
    }

    [Fact]
    public async Task A_question_that_nobody_waits_for_ends()
    {
        using var history = new TemporaryHistory(new HistoryOptions { QueriesMax = 1, WaitingMax = 0 });
        using var engine = new DuckDbEngine(history.File, history.Options, TimeProvider.System);
        using var leaving = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var asked = engine.AskAsync(connection =>
        {
            began.SetResult();
            return Sql.Scalar(connection, Endless);
        }, leaving.Token);
        await began.Task.WaitAsync(Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.NotNull(await engine.AskAsync(connection => Sql.Scalar(connection, "SELECT 1"), Cancellation));
    }

    [Fact]
    public async Task A_write_that_is_broken_off_leaves_nothing_and_the_next_is_written()
    {
        using var history = new TemporaryHistory();
        using var engine = new DuckDbEngine(history.File, history.Options, TimeProvider.System);
        using var leaving = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var written = engine.WriteAsync(connection =>
        {
            Sql.Execute(connection, "UPDATE monitoring_history SET copied_to = 99");
            began.SetResult();
            return Sql.Scalar(connection, Endless);
        }, leaving.Token);
        await began.Task.WaitAsync(Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => written);
        Assert.Equal(0, Convert.ToInt32(await engine.AskAsync(connection => Sql.Scalar(connection, "SELECT copied_to FROM monitoring_history"), Cancellation), null));
        Assert.Equal(1, await engine.WriteAsync(connection => Sql.Execute(connection, "UPDATE monitoring_history SET copied_to = 1"), Cancellation));
    }

    [Fact]
    public async Task What_does_not_fit_into_memory_goes_to_disk_up_to_its_limit()
    {
        const string Large = "SELECT count(*) FROM (SELECT range AS a, md5(range::VARCHAR) AS b FROM range(2000000) ORDER BY b) WHERE b > 'f'";
        using var roomy = new TemporaryHistory(new HistoryOptions { MemoryMb = 64 });
        using (var engine = new DuckDbEngine(roomy.File, roomy.Options, TimeProvider.System))
            Assert.NotNull(await engine.AskAsync(connection => Sql.Scalar(connection, Large.Replace("count(*)", "max(b) || min(a)", StringComparison.Ordinal)), Cancellation));
        using var tight = new TemporaryHistory(new HistoryOptions { MemoryMb = 64, SpillMb = 0 });
        using (var engine = new DuckDbEngine(tight.File, tight.Options, TimeProvider.System))
        {
            var away = await Assert.ThrowsAsync<HistoryAwayException>(() => engine.AskAsync(connection => Sql.Execute(connection, "CREATE TEMP TABLE large AS SELECT range AS a, md5(range::VARCHAR) || md5((range * 7)::VARCHAR) AS b FROM range(4000000)"), Cancellation));
            Assert.Contains("Silo:History:MemoryMb (64)", away.Message, StringComparison.Ordinal);
            Assert.False(away.NeedsPerson);
            Assert.NotNull(await engine.AskAsync(connection => Sql.Scalar(connection, "SELECT 1"), Cancellation));
        }
    }

    [Theory]
    [InlineData("COPY (SELECT 1) TO 'elsewhere.csv'")]
    [InlineData("SELECT * FROM read_csv('/etc/hostname')")]
    [InlineData("SET memory_limit = '10GB'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("LOAD httpfs")]
    [InlineData("INSTALL httpfs")]
    public async Task No_statement_reaches_another_file_or_lifts_a_limit(string sql)
    {
        using var history = new TemporaryHistory();
        using var engine = new DuckDbEngine(history.File, history.Options, TimeProvider.System);
        var away = await Assert.ThrowsAsync<HistoryAwayException>(() => engine.AskAsync(connection => Sql.Execute(connection, sql), Cancellation));
        Assert.IsType<DuckDBException>(away.InnerException);
        Assert.Matches("(?i)disabled (by|through) configuration|configuration has been locked|cannot enable external access", away.InnerException.Message);
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_others_are_written()
    {
        const int Batch = 500;
        using var history = new TemporaryHistory(new HistoryOptions { QueriesMax = 4 });
        await history.Store.AppendAsync([], 0, Cancellation);
        var writing = Task.Run(async () =>
        {
            for (var batch = 0; batch < 40; batch++)
                await history.Store.AppendAsync([.. Enumerable.Range(batch * Batch, Batch).Select(number => Sample.Cell(number)), .. batch == 0 ? [] : Enumerable.Range((batch - 1) * Batch, Batch).Select(number => Sample.Cell(number, value: 50))], batch, Cancellation);
        }, Cancellation);
        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var most = 0;
            while (!writing.IsCompleted)
            {
                var points = await history.Store.ReadAsync(Sample.All(max: 100_000), Cancellation);
                Assert.True(points.Count >= most && points.Count % Batch == 0, $"{points.Count} points after {most}.");
                Assert.Equal(points.Count, points.Select(point => point.Key).Distinct().Count());
                Assert.Equal(points.Count == 0 ? 0 : Batch, points.Count(point => point.Shown.Value == 40));
                most = points.Count;
            }
        }, Cancellation));
        await Task.WhenAll([writing, .. reading]);
        Assert.Equal(40 * Batch, (await history.Store.ReadAsync(Sample.All(max: 100_000), Cancellation)).Count);
    }
}
