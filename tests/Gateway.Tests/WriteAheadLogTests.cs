using Microsoft.Data.Sqlite;
using Monitoring.Storage;

namespace Monitoring.Gateway.Tests;

/// <summary>A write-ahead log that is damaged in the middle is told from one whose last write was broken off.</summary>
public sealed class WriteAheadLogTests : IDisposable
{
    private const int Commits = 20, HeaderBytes = 32, FrameBytes = 24 + 4_096;

    private static readonly SqliteSchema Schema = new("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");

    private readonly string _folder = RunningGateway.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_whole_log_and_none_at_all_open()
    {
        Assert.Equal(Commits, Rows(Leave()));
        Assert.Equal(0, Rows(Path.Combine(_folder, "new.db")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(Commits - 1)]
    public void A_flipped_bit_with_a_commit_behind_it_is_refused(int commit)
    {
        var path = Leave();
        Change($"{path}-wal", log => log[FrameOf(log, commit) + 1_000] ^= 1);
        Assert.Contains($"{path}-wal is damaged", Assert.Throws<StoreException>(() => Rows(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_head_of_the_log_is_refused()
    {
        var path = Leave();
        Change($"{path}-wal", log => log[17] ^= 1);
        Assert.Throws<StoreException>(() => Rows(path));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(3_000)]
    public void A_last_write_that_was_broken_off_is_passed_over(int bytesMissing)
    {
        var path = Leave();
        using (var log = new FileStream($"{path}-wal", FileMode.Open))
            log.SetLength(log.Length - bytesMissing);
        Assert.Equal(Commits - 1, Rows(path));
    }

    [Fact]
    public void What_an_earlier_round_of_the_log_left_behind_its_end_is_no_damage()
    {
        var path = Leave(connection =>
        {
            Execute(connection, "PRAGMA wal_checkpoint(RESTART)");
            Execute(connection, "INSERT INTO rows (body) VALUES ('one more')");
        });
        Assert.Equal(Commits + 1, Rows(path));
    }

    // The byte at which the last frame of a commit begins, counted from 1: the frames that carry a size of the database.
    private static int FrameOf(byte[] log, int commit)
    {
        for (var (at, seen) = (HeaderBytes, 0); ; at += FrameBytes)
        {
            if (log.AsSpan(at + 4, 4).IndexOfAnyExcept((byte)0) >= 0 && ++seen == commit)
                return at;
        }
    }

    // As SIGKILL leaves it: the files are copied while they are open.
    private string Leave(Action<SqliteConnection>? then = null)
    {
        var (open, left) = (Path.Combine(_folder, "open.db"), Path.Combine(_folder, "left.db"));
        using var connection = SqliteFile.Open(open, Schema);
        SqliteFile.TruncateLog(connection);
        for (var i = 0; i < Commits; i++)
            Execute(connection, $"INSERT INTO rows (body) VALUES ('{new string('x', 3_000)}')");
        then?.Invoke(connection);
        File.Copy(open, left);
        File.Copy($"{open}-wal", $"{left}-wal");
        return left;
    }

    private static long Rows(string path)
    {
        using var connection = SqliteFile.Open(path, Schema);
        return (long)SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM rows")!;
    }

    private static void Execute(SqliteConnection connection, string sql) => SqliteFile.Execute(connection, sql);

    private static void Change(string file, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(file);
        change(bytes);
        File.WriteAllBytes(file, bytes);
    }
}
