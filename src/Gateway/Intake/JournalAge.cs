using System.Text.Json;
using Monitoring.Domain.Intake;

namespace Monitoring.Gateway.Intake;

/// <summary>Sees to it that no reading stays in the journal for longer than it may: while the state store is away, nothing else would end it.</summary>
/// <remarks>
/// Of a message that is too old there stays in its place which channels said something on which day, and nothing else. A space that has applied the message in
/// memory and saves after all has counted it; a space that needs it again is told that it has expired. Either way it has one fate.
/// </remarks>
internal sealed class JournalAge(IngestJournal journal, Func<string, TimeZoneInfo> zoneOf, JournalOptions options, ILogger<JournalAge> log)
{
    private const int RowsPerRead = 1_024;

    /// <summary>Time after a start in which nothing is emptied: the spaces take what waits, however old it is, or however wrong the clock was set meanwhile.</summary>
    public static readonly TimeSpan StartGrace = TimeSpan.FromMinutes(10);

    private readonly DateTimeOffset _emptiesFrom = journal.Now + StartGrace;
    private long _expiredThrough;
    private long _oldestTicks;
    private long _damaged;

    /// <summary>How old a message may become.</summary>
    public TimeSpan Limit { get; } = TimeSpan.FromMinutes(options.AgeMinutesMax);

    /// <summary>Age of the oldest message in the journal at the last look; zero where it was empty.</summary>
    public TimeSpan Oldest => TimeSpan.FromTicks(Volatile.Read(ref _oldestTicks));

    /// <summary>Whether the journal holds messages whose counts are gone.</summary>
    public bool HasExpired { get; private set; }

    /// <summary>Whether the last look came to its end: else nothing is known of ages and damage.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Damaged rows found in the day before the last look.</summary>
    public long DamagedLately => Volatile.Read(ref _damaged);

    /// <summary>Looks at the oldest messages, and empties those that are too old.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The journal cannot be read or written; the next look goes on from where this one was.</exception>
    public void Look()
    {
        IsKnown = false;
        var now = journal.Now;
        journal.EmptyQuarantine(now - Limit);
        var oldest = journal.Read(0, 1).Rows is [var first] ? now - first.KeptSince : TimeSpan.Zero;
        Volatile.Write(ref _oldestTicks, oldest.Ticks);
        Volatile.Write(ref _damaged, journal.Quarantined(now - TimeSpan.FromDays(1)));
        if (oldest >= Limit && now >= _emptiesFrom && Expire(now - Limit))
            log.MessagesExpired(now - Limit, options.AgeMinutesMax);
        HasExpired = oldest >= Limit && now >= _emptiesFrom;
        IsKnown = true;
    }

    private bool Expire(DateTimeOffset keptThrough)
    {
        var any = false;
        while (true)
        {
            var read = journal.Read(_expiredThrough, RowsPerRead);
            var old = read.Rows.TakeWhile(row => row.KeptSince <= keptThrough).ToList();
            var emptied = old.Select(Emptied).OfType<JournalRow>().ToList();
            journal.Replace(emptied);
            any |= emptied.Count > 0;
            if (read.IsEnd || old.Count < read.Rows.Count)
            {
                _expiredThrough = old.Count > 0 ? old[^1].Offset : _expiredThrough;
                return any;
            }

            _expiredThrough = read.Through;
        }
    }

    // Null where it is empty already: the journal was opened anew since. What nobody can read holds counts all the same.
    private JournalRow? Emptied(JournalRow row)
    {
        try
        {
            var message = AcceptedMessage.FromBytes(row.Body);
            return message.Expired ? null : row with { Body = message.Expire(zoneOf(row.Space)).ToBytes(), KeptSince = DayOf(row) };
        }
        catch (JsonException)
        {
            return row.Body.Length == 0 ? null : row with { Body = [], KeptSince = DayOf(row) };
        }
    }

    // The instant of a single event is not to be read from the row either.
    private static DateTimeOffset DayOf(JournalRow row) => new(row.KeptSince.UtcDateTime.Date, TimeSpan.Zero);
}
