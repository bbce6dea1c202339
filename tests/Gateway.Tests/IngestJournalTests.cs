using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Domain;
using Monitoring.Gateway.Intake;
using Monitoring.Storage;

namespace Monitoring.Gateway.Tests;

public sealed class IngestJournalTests : IDisposable
{
    private readonly string _path = Path.Combine(RunningGateway.NewFolder(), "journal.db");
    private TimeSpan _startedAt;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public async Task Rows_and_the_journals_id_survive_a_reopening()
    {
        Guid id;
        using (var journal = Open())
        {
            id = journal.Id;
            await AppendAsync(journal, 3);
        }

        using var again = Open();
        Assert.Equal(id, again.Id);
        Assert.Equal([1, 2, 3], again.Read(0, 10).Rows.Select(row => row.Offset));
        Assert.Equal([3], again.Read(2, 10).Rows.Select(row => row.Offset));
    }

    [Fact]
    public async Task An_offset_is_never_used_again_after_truncation()
    {
        using (var journal = Open())
        {
            await AppendAsync(journal, 5);
            journal.DeleteThrough(5);
            journal.Checkpoint();
            Assert.True(journal.Read(0, 10).IsEnd);
        }

        using var again = Open();
        Assert.Equal(6, await AppendAsync(again, 1));
    }

    [Fact]
    public async Task An_older_copy_put_back_does_not_hand_out_offsets_that_spaces_have_applied()
    {
        long applied;
        using (var journal = Open())
            await AppendAsync(journal, 3);
        var copy = _path + ".copy";
        File.Copy(_path, copy);
        _startedAt = TimeSpan.FromHours(1);
        using (var journal = Open())
            applied = await AppendAsync(journal, 100);

        File.Copy(copy, _path, overwrite: true);
        File.Delete(_path + "-wal");
        _startedAt = TimeSpan.FromHours(2);
        using var restored = Open();
        Assert.True(await AppendAsync(restored, 1) > applied);
    }

    [Fact]
    public async Task A_row_with_a_flipped_bit_goes_into_quarantine_and_is_read_as_empty()
    {
        using (var journal = Open())
            await AppendAsync(journal, 3);
        using (var file = SqliteFile.Connect(_path))
            SqliteFile.Execute(file, "UPDATE rows SET body = X'00' || substr(body, 2) WHERE offset = 2");

        using (var again = Open())
        {
            var read = again.Read(0, 10);
            Assert.Equal([1, 2, 3], read.Rows.Select(row => row.Offset));
            Assert.Equal([false, true, false], read.Rows.Select(row => row.Body.Length == 0));
            Assert.Empty(read.Damaged);
        }

        using var look = SqliteFile.Connect(_path);
        Assert.Equal(2L, SqliteFile.Scalar(look, "SELECT offset FROM quarantine"));
    }

    [Fact]
    public async Task A_row_whose_space_is_gone_goes_into_quarantine_and_out_of_the_way()
    {
        using (var journal = Open())
            await AppendAsync(journal, 3);
        using (var file = SqliteFile.Connect(_path))
            SqliteFile.Execute(file, "UPDATE rows SET space = X'00' WHERE offset = 2");

        using var again = Open();
        Assert.Equal([1, 3], again.Read(0, 10).Rows.Select(row => row.Offset));
        Assert.Equal(["space"], again.HighestBySpace().Keys);
    }

    [Fact]
    public async Task Damage_behind_a_row_whose_space_is_gone_is_found_by_the_same_read()
    {
        using (var journal = Open())
            await AppendAsync(journal, 3);
        using (var file = SqliteFile.Connect(_path))
            SqliteFile.Execute(file, "UPDATE rows SET space = X'00' WHERE offset = 1; UPDATE rows SET body = X'00', kept_since = 'x' WHERE offset = 2");

        using var again = Open();
        var row = Assert.Single(again.Read(0, 1).Rows);
        Assert.Equal((2, 0), (row.Offset, row.Body.Length));
        Assert.InRange(again.Now - row.KeptSince, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        using var look = SqliteFile.Connect(_path);
        Assert.Equal(2L, SqliteFile.Scalar(look, "SELECT COUNT(*) FROM quarantine"));
    }

    [Fact]
    public async Task A_failed_commit_fails_every_waiter_and_the_next_batch_is_tried()
    {
        using var file = new FaultyJournalFile(new SqliteJournalFile(_path, NullLogger.Instance));
        using var journal = Open(file);
        file.Fail(true);
        await Assert.ThrowsAsync<IOException>(() => AppendAsync(journal, 2));
        Assert.NotNull(journal.Fault);

        file.Fail(false);
        await AppendAsync(journal, 1);
        Assert.Null(journal.Fault);
        Assert.Single(journal.Read(0, 10).Rows);
    }

    [Fact]
    public void A_full_queue_refuses()
    {
        using var file = new FaultyJournalFile(new SqliteJournalFile(_path, NullLogger.Instance));
        using var journal = Open(file, new JournalOptions { QueueMax = 4 });
        file.Hold();
        var taken = 0;
        while (journal.TryAppend("s", [1]) is not null)
            Assert.True(++taken <= 8);
        file.LetGo();
    }

    [Fact]
    public async Task A_queue_is_full_by_bytes_too_and_has_room_again_after_the_commit()
    {
        using var file = new FaultyJournalFile(new SqliteJournalFile(_path, NullLogger.Instance));
        using var journal = Open(file, new JournalOptions { QueueBytesMax = 1_048_576 });
        file.Hold();
        var half = new byte[524_288];
        var taken = new[] { journal.TryAppend("s", half), journal.TryAppend("s", half) };
        Assert.All(taken, entry => Assert.NotNull(entry));
        Assert.Null(journal.TryAppend("s", [1]));
        file.LetGo();
        await Task.WhenAll(taken.Select(entry => entry!.Value.Committed));
        await RunningGateway.Until(() => journal.TryAppend("s", [1]) is not null, "the queue to have room");
    }

    [Fact]
    public async Task A_journal_over_its_size_refuses_until_rows_are_deleted()
    {
        using var journal = Open(options: new JournalOptions { BytesMax = 2 * 1024 * 1024 });
        var body = new byte[200_000];
        while (journal.TryAppend("s", body) is { } appended)
            await appended.Committed;
        Assert.NotNull(journal.Fault);

        journal.DeleteThrough(journal.CommittedThrough);
        Assert.Null(journal.Fault);
        Assert.NotNull(journal.TryAppend("s", body));
    }

    [Fact]
    public async Task A_journal_of_the_first_form_is_copied_and_migrated_and_keeps_its_rows()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using (var first = SqliteFile.Open(_path, new SqliteSchema("""
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE rows (offset INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL);
            CREATE TABLE quarantine (offset INTEGER PRIMARY KEY, space TEXT, body BLOB, checksum INTEGER, found_at TEXT NOT NULL)
            """)))
        {
            var checksum = new JournalRow(7, "space", [1, 2, 3], default).Checksum;
            SqliteFile.Execute(first, $"INSERT INTO rows VALUES (7, 'space', X'010203', {checksum})");
        }

        using (var journal = Open())
        {
            var row = Assert.Single(journal.Read(0, 10).Rows);
            Assert.Equal((7, "space", TimeSpan.Zero), (row.Offset, row.Space, journal.Now - row.KeptSince > TimeSpan.FromSeconds(1) ? TimeSpan.MaxValue : TimeSpan.Zero));
            Assert.Equal(8, await AppendAsync(journal, 1));
        }

        using var copy = SqliteFile.Connect(_path + ".schema-1");
        Assert.Equal(1, SqliteFile.SchemaOf(copy));
        Assert.Equal(7L, SqliteFile.Scalar(copy, "SELECT offset FROM rows"));
    }

    private static async Task<long> AppendAsync(IngestJournal journal, int rows)
    {
        var appended = Enumerable.Range(0, rows).Select(n => journal.TryAppend("space", [1, 2, (byte)n])!.Value).ToList();
        await Task.WhenAll(appended.Select(entry => entry.Committed));
        return appended[^1].Offset;
    }

    private IngestJournal Open(IJournalFile? file = null, JournalOptions? options = null) =>
        new(file ?? new SqliteJournalFile(_path, NullLogger.Instance), options ?? new JournalOptions(), new HubClock(ClockKind.Wall, new AtInstant(DateTimeOffset.UnixEpoch + _startedAt)), NullLogger.Instance);

    // Of the time of the start only its order counts; the epoch gives small offsets.
    private sealed class AtInstant(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
