using System.Globalization;
using System.Text.Json;
using Monitoring.Domain.History;

namespace Monitoring.Silo.Privacy;

/// <summary>That the ledger may be older than what is out, until the audit log has it.</summary>
/// <param name="At">When it was noticed, UTC by the wall clock.</param>
/// <param name="BlockedBefore">No number is drawn for days that began before this instant, UTC.</param>
/// <param name="Why">What was noticed.</param>
internal sealed record LedgerPutBack(DateTimeOffset At, DateTimeOffset BlockedBefore, string Why);

/// <summary>What the ledger knows of its own past.</summary>
internal sealed partial class ReleaseStore
{
    // More changes than a ledger ever has: copies that have come further than an older ledger still get all that is stored from now on.
    private const long SeqStep = 1L << 32;

    private const string PutBackKey = "put-back";

    private readonly Lock _keeping = new();
    private readonly string? _headFile;
    private LedgerHead? _kept;

    /// <summary>That the ledger was put back, and nobody was told yet; null where there is nothing to tell.</summary>
    public LedgerPutBack? PutBack => Read("SELECT value FROM mark WHERE key = $key", DateTimeOffset.UnixEpoch, row => JsonSerializer.Deserialize<LedgerPutBack>(row.GetString(0)), ("$key", PutBackKey)) is [{ } found] ? found : null;

    /// <summary>Before this instant no day begins for which a number is drawn; the beginning of time where there is no doubt.</summary>
    public DateTimeOffset DrawsNothingBefore => Read("SELECT value FROM mark WHERE key = $key", DateTimeOffset.UnixEpoch, row => InstantOf(row.GetString(0)), ("$key", BlockedBefore)) is [var instant] ? instant : DateTimeOffset.MinValue;

    /// <summary>Opens the ledger of a data folder. Where it has not come as far as it once had, or came out of a backup, nothing is drawn any more for days that have begun by now.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="now">The current instant by the wall clock: whoever drew numbers with this ledger, here or elsewhere, has stopped by now. It holds for a replay too, whose days are in the past.</param>
    /// <exception cref="Storage.StoreException">It is damaged, or of a newer program.</exception>
    public static ReleaseStore Open(string dataFolder, DateTimeOffset now)
    {
        var headFile = LedgerHead.FileIn(dataFolder);
        var store = new ReleaseStore(FileIn(dataFolder), headFile);
        try
        {
            var known = LedgerHead.Read(headFile);
            var isNew = !File.Exists(headFile) && LedgerHead.Of(store._writer).Seq == 0;
            if (!isNew && (known is null || !known.IsReachedBy(store._writer)))
                store.TakeAsPutBack(WhyOf(known, LedgerHead.Of(store._writer)), known is { IsOfRestore: false } ? known.Seq : 0, now);
            store.KeepHead();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>How far the ledger has come, for places away from this machine.</summary>
    public LedgerMark Head
    {
        get
        {
            lock (_writing)
                return LedgerHead.Of(_writer).ToMark();
        }
    }

    /// <summary>Compares the ledger with how far it had come once, as a place away from this machine knows it. Where it has not come as far, it was put back, and nothing is drawn any more for days that have begun by now.</summary>
    /// <param name="place">Name of the place.</param>
    /// <param name="known">What is known there.</param>
    /// <param name="now">The current instant by the wall clock.</param>
    /// <returns>Whether it was so, and is to be told (<see cref="ReleaseLedger.TellPutBackAsync"/>).</returns>
    public bool NoticeHead(string place, LedgerMark known, DateTimeOffset now)
    {
        var head = LedgerHead.Of(known);
        lock (_writing)
        {
            if (head.IsReachedBy(_writer))
                return false;
        }

        TakeAsPutBack($"{WhyOf(head, LedgerHead.Of(Head))}, says {place}", known.Seq, now);
        KeepHead();
        return true;
    }

    /// <summary>That everybody was told.</summary>
    public void PutBackIsTold() => Write(transaction =>
    {
        using var command = Command(transaction, "DELETE FROM mark WHERE key = $key");
        command.Parameters.AddWithValue("$key", PutBackKey);
        return command.ExecuteNonQuery();
    });

    private static string WhyOf(LedgerHead? known, LedgerHead found) => known switch
    {
        null => "nothing tells how far it had come",
        { IsOfRestore: true } => "it came out of a backup",
        _ => string.Create(CultureInfo.InvariantCulture, $"it had come to row {known.Number}, change {known.Seq}, and is now at row {found.Number}, change {found.Seq}"),
    };

    private void TakeAsPutBack(string why, long knownSeq, DateTimeOffset now) => Write(transaction =>
    {
        // A clock that is behind must not open a day of which the ledger itself has cells.
        using var newest = Command(transaction, "SELECT MAX(to_ms) FROM release");
        var end = newest.ExecuteScalar() is long ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : DateTimeOffset.MinValue;
        var seq = long.Max(knownSeq, LedgerHead.Of(_writer, transaction).Seq) + SeqStep;
        Mark(transaction, ForgottenSeq, seq.ToString(CultureInfo.InvariantCulture));
        Block(transaction, now > end ? now : end);
        Mark(transaction, PutBackKey, JsonSerializer.Serialize(new LedgerPutBack(now, Blocked(transaction), why)));
        return 0;
    });

    // Written before anything of the commit is out. Where it cannot be, the caller hears it, and with the same call again it is.
    private void KeepHead()
    {
        if (_headFile is null)
            return;
        lock (_keeping)
        {
            LedgerHead head;
            lock (_writing)
                head = LedgerHead.Of(_writer);
            if (head == _kept)
                return;
            head.Write(_headFile);
            _kept = head;
        }
    }

    private static DateTimeOffset InstantOf(string text) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture));
}
