using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Domain;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Intake;
using Monitoring.Storage;

namespace Monitoring.Gateway.Tests;

public sealed class JournalAgeTests : IDisposable
{
    private static readonly TimeZoneInfo Zurich = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(360);

    private readonly string _path = Path.Combine(RunningGateway.NewFolder(), "journal.db");
    private readonly Clock _time = new();
    private IngestJournal _journal;
    private JournalAge _age;

    public JournalAgeTests() => (_journal, _age) = Open();

    public void Dispose()
    {
        _journal.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    [Fact]
    public async Task Counts_are_kept_to_the_limit_and_gone_after_it_and_the_message_stays()
    {
        await AppendAsync(17);
        _time.Step(Limit - TimeSpan.FromSeconds(1));
        await AppendAsync(18);
        _age.Look();
        Assert.Equal([17, 18], Counts());

        _time.Step(TimeSpan.FromSeconds(1));
        _age.Look();
        Assert.Equal([null, 18], Counts());
        Assert.Equal(Limit, _age.Oldest);
        Assert.DoesNotContain("\"in\":17", Text(), StringComparison.Ordinal);
        var left = AcceptedMessage.FromBytes(_journal.Read(0, 1).Rows[0].Body);
        Assert.Equal(new CountReading("gate", new(1970, 1, 1, 11, 0, 0, TimeSpan.Zero), 0, 0, null), Assert.Single(left.Readings));
        Assert.Equal((left.Readings[0].Time, left.Readings[0].Time, null), (left.Time, left.ArrivedAt, left.Sequence));
    }

    [Fact]
    public async Task A_reopened_journal_goes_on_counting_the_age_and_a_clock_put_back_makes_nothing_younger_than_its_start()
    {
        await AppendAsync(17);
        _time.Step(TimeSpan.FromHours(3));
        Reopen();
        _time.Step(TimeSpan.FromHours(3));
        _age.Look();
        Assert.Equal([null], Counts());

        await AppendAsync(18);
        _time.Put(-TimeSpan.FromHours(26));
        Reopen();
        _time.Step(Limit);
        _age.Look();
        Assert.Equal([null, null], Counts());
    }

    [Fact]
    public async Task A_start_with_a_clock_that_is_ahead_leaves_the_spaces_time_to_take_what_waits()
    {
        await AppendAsync(17);
        _time.Put(TimeSpan.FromHours(26));
        Reopen();
        _time.Step(JournalAge.StartGrace - TimeSpan.FromSeconds(1));
        _age.Look();
        Assert.Equal([17], Counts());
        _time.Step(TimeSpan.FromSeconds(1));
        _age.Look();
        Assert.Equal([null], Counts());
    }

    [Fact]
    public async Task A_clock_that_is_stepped_while_the_gateway_runs_expires_nothing()
    {
        await AppendAsync(17);
        _time.Put(TimeSpan.FromHours(26));
        _age.Look();
        Assert.Equal([17], Counts());
        Assert.Equal(TimeSpan.Zero, _age.Oldest);
    }

    [Fact]
    public async Task More_than_one_read_is_emptied_and_what_nobody_can_read_is_emptied_too()
    {
        for (var i = 0; i < 2_500; i++)
            _ = _journal.TryAppend("space", Message(5).ToBytes());
        await _journal.TryAppend("space", "no json"u8.ToArray())!.Value.Committed;
        _time.Step(Limit);
        _age.Look();
        var rows = _journal.Read(0, 10_000).Rows;
        Assert.Equal(2_501, rows.Count);
        Assert.All(rows.SkipLast(1), row => Assert.True(AcceptedMessage.FromBytes(row.Body).Expired));
        Assert.Empty(rows[^1].Body);
    }

    [Fact]
    public async Task A_damaged_row_is_forgotten_after_the_limit_but_not_that_it_was_there()
    {
        await AppendAsync(17);
        _time.Step(Limit / 2);
        using (var file = SqliteFile.Connect(_path))
            SqliteFile.Execute(file, "UPDATE rows SET space = 'other'");
        _age.Look();
        Assert.Equal(1, _journal.Quarantined(_journal.Now - Limit));
        Assert.Contains("counter", Text("quarantine"), StringComparison.Ordinal);

        // Its age is that of the message: how long it has been known to be damaged does not matter.
        _time.Step((Limit / 2) + TimeSpan.FromSeconds(1));
        _age.Look();
        Assert.Equal(1, _journal.Quarantined(_journal.Now - 2 * Limit));
        Assert.DoesNotContain("counter", Text("quarantine"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_space_that_asks_again_is_handed_the_empty_message_in_its_place()
    {
        var time = new SteppedTime();
        await using var gateway = await RunningGateway.StartAsync(time);
        gateway.Silo.IsAway = true;
        await gateway.Journal.TryAppend("square", Message(17).ToBytes())!.Value.Committed;
        await RunningGateway.Until(() => gateway.Health.Pending == 1, "the message to be on its way");
        time.Step(Limit);
        gateway.Age.Look();
        await gateway.Journal.TryAppend("square", Message(18).ToBytes())!.Value.Committed;

        // The first is in memory still and is counted; a space that loses it before it is saved gets what the journal has.
        var space = gateway.Silo.Space("square");
        gateway.Silo.IsAway = false;
        await RunningGateway.Until(() => space.Applied.Count == 2, "both to be applied");
        Assert.Equal([false, false], space.Applied.Select(record => AcceptedMessage.FromBytes(record.Body).Expired));
        space.Crash();
        await gateway.Journal.TryAppend("square", Message(19).ToBytes())!.Value.Committed;
        await RunningGateway.Until(() => space.Applied.Count == 3, "all to be applied again");
        Assert.Equal([true, false, false], space.Applied.Select(record => AcceptedMessage.FromBytes(record.Body).Expired));
    }

    private static AcceptedMessage Message(int passages) => new()
    {
        DeviceId = "counter",
        Profile = "native/1",
        ArrivedAt = DateTimeOffset.UnixEpoch,
        Time = DateTimeOffset.UnixEpoch,
        Readings = [new CountReading("gate", DateTimeOffset.UnixEpoch, passages, 0, null)],
    };

    private Task AppendAsync(int passages) => _journal.TryAppend("space", Message(passages).ToBytes())!.Value.Committed;

    private IEnumerable<int?> Counts() => _journal.Read(0, 10).Rows.Select(row => AcceptedMessage.FromBytes(row.Body)).Select(message => message.Expired ? (int?)null : ((CountReading)message.Readings[0]).In);

    private string Text(string table = "rows")
    {
        using var file = SqliteFile.Connect(_path);
        return SqliteFile.Scalar(file, $"SELECT COALESCE(group_concat(CAST(body AS TEXT)), '') FROM {table}") as string ?? "";
    }

    private void Reopen()
    {
        _journal.Dispose();
        (_journal, _age) = Open();
    }

    private (IngestJournal, JournalAge) Open()
    {
        var journal = new IngestJournal(new SqliteJournalFile(_path, NullLogger.Instance), new JournalOptions(), new HubClock(ClockKind.Wall, _time), NullLogger.Instance);
        return (journal, new JournalAge(journal, _ => Zurich, new JournalOptions(), NullLogger<JournalAge>.Instance));
    }

    /// <summary>A clock that runs only when told, and whose hands can be put elsewhere without time passing.</summary>
    private sealed class Clock : TimeProvider
    {
        private TimeSpan _ran;
        private TimeSpan _put;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ran.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero) + _ran + _put;

        public void Step(TimeSpan by) => _ran += by;

        public void Put(TimeSpan by) => _put += by;
    }
}
