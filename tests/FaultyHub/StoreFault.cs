using Microsoft.Data.Sqlite;

namespace Monitoring.FaultyHub;

/// <summary>What a store does at present.</summary>
internal sealed class StoreFault
{
    private const int InputOutput = 10, DiskFull = 13;

    private readonly Lock _lock = new();
    private string _kind = "ok";
    private TimeSpan _delay;

    /// <summary>Takes an order.</summary>
    /// <param name="kind">ok, fail, full or slow.</param>
    /// <param name="milliseconds">How slow.</param>
    public void Set(string kind, int milliseconds)
    {
        if (kind is not ("ok" or "fail" or "full" or "slow"))
            throw new ArgumentException($"a store cannot be '{kind}'");
        lock (_lock)
            (_kind, _delay) = (kind, TimeSpan.FromMilliseconds(milliseconds));
    }

    /// <summary>How long an access takes longer.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_lock)
                return _kind == "slow" ? _delay : TimeSpan.Zero;
        }
    }

    /// <summary>Fails a write where the store is away or full.</summary>
    public void ThrowOnWrite()
    {
        ThrowOnRead();
        lock (_lock)
        {
            if (_kind == "full")
                throw new SqliteException("database or disk is full", DiskFull);
        }
    }

    /// <summary>Fails a read where the store is away; a full one can be read.</summary>
    public void ThrowOnRead()
    {
        lock (_lock)
        {
            if (_kind == "fail")
                throw new SqliteException("disk I/O error", InputOutput);
        }
    }
}
