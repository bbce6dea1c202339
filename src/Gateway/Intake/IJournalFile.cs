namespace Monitoring.Gateway.Intake;

/// <summary>The file under the journal: what tests put faults into.</summary>
internal interface IJournalFile : IDisposable
{
    /// <summary>Random id given to the journal when it was created.</summary>
    Guid Id { get; }

    /// <summary>Highest offset ever used.</summary>
    long HighWater { get; }

    /// <summary>Writes rows durably, all or none.</summary>
    void Insert(IReadOnlyList<JournalRow> rows);

    /// <summary>Reads rows after an offset, in order.</summary>
    JournalRead Read(long after, int max);

    /// <summary>Rows that say to be kept since a later instant are kept since this one: the clock was put back.</summary>
    void KeepNoneAfter(DateTimeOffset now);

    /// <summary>Overwrites bodies and ages of rows durably, all or none; a row that is gone stays gone.</summary>
    void Replace(IReadOnlyList<JournalRow> rows);

    /// <summary>Highest offset of each space that has rows.</summary>
    IReadOnlyDictionary<string, long> HighestBySpace();

    /// <summary>Deletes at most some rows up to and including an offset.</summary>
    /// <returns>How many rows were deleted.</returns>
    int Delete(long through, int max);

    /// <summary>Copies damaged rows to quarantine and leaves an empty one in their place, which tells their space that something was there; none where the name of the space is gone too.</summary>
    void Quarantine(IReadOnlyList<long> offsets, DateTimeOffset foundAt);

    /// <summary>Overwrites the bodies of damaged rows that are kept since before an instant; that they were there stays known.</summary>
    void EmptyQuarantine(DateTimeOffset keptBefore);

    /// <summary>How many damaged rows were found since an instant.</summary>
    long Quarantined(DateTimeOffset foundSince);

    /// <summary>Bytes of the pages in use.</summary>
    long UsedBytes();

    /// <summary>Brings the write-ahead log into the file and truncates it; deletes copies of an older form whose time is over.</summary>
    void Checkpoint(DateTimeOffset now);
}
