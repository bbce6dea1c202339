using System.Runtime.InteropServices;
using DuckDB.NET.Data;

namespace Monitoring.History.Tests;

public sealed class DuckDbFileTests
{
    // The file begins with a block of 4,096 bytes: checksum, "DUCK", version of the storage.
    private const int StorageVersionAt = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Points_and_cursor_agree_after_each_kill()
    {
        using var history = new TemporaryHistory();
        history.Store.Dispose();
        var written = 0;
        for (var kill = 0; kill < 4; kill++)
        {
            using var writer = await EndlessWriter.StartAsync(history.Folder, batches: 5 + 17 * kill, Cancellation);
            await writer.KillAsync(Cancellation);
            var said = writer.Last;
            using var store = history.Open();
            var cursor = (int)(await store.CursorAsync(Cancellation))!.Value;
            Assert.True(cursor >= said && said > written, $"Batch {said} was said to be written, and the cursor is {cursor}.");
            foreach (var series in (string[])["s0", "s49"])
                Assert.Equal(Expected(cursor, series), await store.ReadAsync(Sample.All(series: series, max: 100_000), Cancellation));
            written = cursor;
        }

        static IEnumerable<HistoryPoint> Expected(int cursor, string series) =>
            Enumerable.Range(1, cursor).Select(number => Sample.Cell(number, series: series, value: Math.Min(number + 1, cursor)));
    }

    [Fact]
    public async Task The_file_and_its_log_are_the_owners_alone()
    {
        using var history = new TemporaryHistory();
        for (var batch = 0; batch < 3; batch++)
        {
            await history.Store.AppendAsync([Sample.Cell(batch)], batch, Cancellation);
            foreach (var file in Directory.EnumerateFiles(history.Folder, "*", SearchOption.AllDirectories))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(file));
        }

        Assert.True(File.Exists($"{history.File}.wal"));
    }

    [Fact]
    public async Task A_folder_with_blanks_and_quotes_is_a_folder()
    {
        using var history = new TemporaryHistory(name: "it's a; folder= ");
        await history.Store.AppendAsync([Sample.Cell(0)], 1, Cancellation);
        Assert.True(File.Exists(history.File));
        using var file = (await history.Store.ExportAsync(Sample.Export(HistoryFormat.Parquet), Cancellation))!.Content;
        Assert.True(file.Length > 0);
    }

    [Fact]
    public Task A_text_file_is_refused_and_rebuilding_puts_it_aside() =>
        RefusedAndPutAside(history => File.WriteAllText(history.File, new string('x', 10_000)), "is damaged or no history");

    [Fact]
    public Task An_empty_file_is_refused_and_rebuilding_puts_it_aside() =>
        RefusedAndPutAside(history => File.WriteAllText(history.File, ""), "is damaged or no history");

    [Fact]
    public Task A_newer_schema_is_refused_and_rebuilding_puts_it_aside() =>
        RefusedAndPutAside(history => Change(history.File, "UPDATE monitoring_history SET schema_version = 2"), "has schema 2, and this program knows 1: start the newer program");

    [Fact]
    public Task A_file_of_another_program_is_refused_and_rebuilding_puts_it_aside() =>
        RefusedAndPutAside(history => Change(history.File, "DROP TABLE monitoring_history"), "is a file of another program");

    [Fact]
    public Task A_file_of_a_newer_engine_is_refused_and_rebuilding_puts_it_aside() =>
        RefusedAndPutAside(history => Flip(history.File, bytes =>
        {
            Assert.Equal(ChecksumOfHeader(bytes), BitConverter.ToUInt64(bytes));
            BitConverter.TryWriteBytes(bytes.AsSpan(StorageVersionAt), 200L);
            BitConverter.TryWriteBytes(bytes, ChecksumOfHeader(bytes));
        }), "was written by a newer program");

    [Fact]
    public Task A_damaged_header_is_refused_and_rebuilding_puts_it_aside() =>
        RefusedAndPutAside(history => Flip(history.File, bytes => Array.Fill(bytes, (byte)0x5a, 4096, 8192)), "is damaged or no history");

    [Fact]
    public Task A_file_that_was_cut_is_refused_and_rebuilding_puts_it_aside() =>
        RefusedAndPutAside(history => File.WriteAllBytes(history.File, File.ReadAllBytes(history.File)[..(12_288 + 1_000)]), "is damaged or no history");

    [Fact]
    public async Task A_flipped_bit_in_a_block_is_told_and_never_a_wrong_number()
    {
        using var history = new TemporaryHistory();
        var points = Enumerable.Range(0, 20_000).Select(number => Sample.Cell(number, value: 10 + number * 7919L % 1000)).ToList();
        await history.Store.AppendAsync(points, 1, Cancellation);
        history.Store.Dispose();
        Flip(history.File, bytes =>
        {
            for (var at = 12_288 + 100; at < bytes.Length; at += 4_096)
                bytes[at] ^= 4;
        });
        history.Reopen();
        var away = await Assert.ThrowsAsync<HistoryAwayException>(() => history.Store.ReadAsync(Sample.All(max: 100_000), Cancellation));
        Assert.True(away.NeedsPerson);
        Assert.Contains("monitoring history rebuild", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_another_program_has_open_stays_where_it_is()
    {
        using var history = new TemporaryHistory();
        history.Store.Dispose();
        using var other = await EndlessWriter.StartAsync(history.Folder, 2, Cancellation);
        history.Reopen();
        foreach (var call in (Func<Task>[])[() => history.Store.CursorAsync(Cancellation), () => history.Store.ClearAsync(Cancellation), () => history.Store.SeriesAsync("square", Cancellation)])
        {
            var away = await Assert.ThrowsAsync<HistoryAwayException>(call);
            Assert.True(away.NeedsPerson);
            Assert.Contains("open in another program", away.Message, StringComparison.Ordinal);
        }

        Assert.False(File.Exists($"{history.File}.aside"));
        await other.KillAsync(Cancellation);
        Assert.True(await history.Store.CursorAsync(Cancellation) > 0);
    }

    private static async Task RefusedAndPutAside(Action<TemporaryHistory> spoil, string said)
    {
        using var history = new TemporaryHistory();
        await history.Store.AppendAsync([Sample.Cell(0)], 1, Cancellation);
        history.Store.Dispose();
        spoil(history);
        var spoilt = await File.ReadAllBytesAsync(history.File, Cancellation);
        history.Reopen();
        foreach (var call in (Func<Task>[])[() => history.Store.CursorAsync(Cancellation), () => history.Store.AppendAsync([Sample.Cell(1)], 2, Cancellation), () => history.Store.ReadAsync(Sample.All(), Cancellation)])
        {
            var away = await Assert.ThrowsAsync<HistoryAwayException>(call);
            Assert.True(away.NeedsPerson);
            Assert.Contains(said, away.Message, StringComparison.Ordinal);
            Assert.Contains("monitoring history rebuild", away.Message, StringComparison.Ordinal);
        }

        await history.Store.ClearAsync(Cancellation);
        Assert.Equal(spoilt, await File.ReadAllBytesAsync($"{history.File}.aside", Cancellation));
        Assert.Equal(0, await history.Store.CursorAsync(Cancellation));
        await history.Store.AppendAsync([Sample.Cell(0)], 1, Cancellation);
        Assert.Equal([Sample.Cell(0)], await history.Store.ReadAsync(Sample.All(), Cancellation));
    }

    private static ulong ChecksumOfHeader(byte[] bytes) =>
        MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan(8, 4_088)).ToArray().Aggregate(5381UL, (sum, word) => sum ^ unchecked(word * 0xbf58476d1ce4e5b9));

    private static void Change(string file, string sql)
    {
        using var connection = new DuckDBConnection($"DataSource={file}");
        connection.Open();
        Sql.Execute(connection, sql);
    }

    private static void Flip(string file, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(file);
        change(bytes);
        File.WriteAllBytes(file, bytes);
    }
}
