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

    [Theory]
    [InlineData(0)]
    [InlineData(Commits)]
    public void After_two_power_cuts_only_the_broken_writes_are_missing(int durable)
    {
        var path = Leave(Large, durable);
        Change($"{path}-wal", log => log.AsSpan(log.Length - (40 * FrameBytes), FrameBytes).Clear());
        var again = Path.Combine(_folder, "again.db");
        using (var connection = SqliteFile.Open(path, Schema))
        {
            Assert.Equal(durable, (long)SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM rows")!);
            Execute(connection, "INSERT INTO rows (body) VALUES ('good')");
            Execute(connection, "INSERT INTO rows (body) VALUES ('broken off')");
            File.Copy(path, again);
            File.Copy($"{path}-wal", $"{again}-wal");
            Change($"{again}-wal", log => log[log.AsSpan().LastIndexOf("broken off"u8)] ^= 1);
        }

        Assert.Equal(durable + 1, Rows(again));
    }

    [Fact]
    public void A_reader_that_holds_the_log_keeps_nobody_from_opening()
    {
        var path = Leave();
        using var reader = SqliteFile.Connect(path);
        using var held = reader.BeginTransaction(deferred: true);
        Assert.Equal((long)Commits, SqliteFile.Scalar(reader, "SELECT COUNT(*) FROM rows"));
        Assert.Equal(Commits, Rows(path));
    }

    [Fact]
    public void After_a_commit_that_failed_the_log_begins_anew()
    {
        using var connection = SqliteFile.Open(Path.Combine(_folder, "open.db"), new("CREATE TABLE rows (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES rows (id) DEFERRABLE INITIALLY DEFERRED)"));
        Execute(connection, "PRAGMA foreign_keys=ON");
        var commits = new LoggedCommits(connection);
        for (var i = 1; i <= Commits; i++)
            Insert(i);
        var full = LogBytes();

        Assert.Throws<SqliteException>(() => Insert(99));
        Assert.Equal(full, LogBytes());
        Insert(1);

        Assert.InRange(LogBytes(), 1, full / 4);
        Assert.Equal(Commits + 1L, SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM rows"));

        long LogBytes() => new FileInfo(Path.Combine(_folder, "open.db-wal")).Length;

        void Insert(int parent)
        {
            using var transaction = commits.Begin();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO rows (parent) VALUES ($parent)";
            command.Parameters.AddWithValue("$parent", parent);
            command.ExecuteNonQuery();
            commits.Commit(transaction);
        }
    }

    // One commit of more than forty pages.
    private static void Large(SqliteConnection connection) =>
        Execute(connection, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO rows (body) SELECT hex(zeroblob(1500)) FROM n");

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
    private string Leave(Action<SqliteConnection>? then = null, int commits = Commits)
    {
        var (open, left) = (Path.Combine(_folder, "open.db"), Path.Combine(_folder, "left.db"));
        using var connection = SqliteFile.Open(open, Schema);
        SqliteFile.TruncateLog(connection);
        for (var i = 0; i < commits; i++)
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
