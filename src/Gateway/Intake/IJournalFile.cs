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

    /// <summary>Highest offset of each space that has rows.</summary>
    IReadOnlyDictionary<string, long> HighestBySpace();

    /// <summary>Deletes at most some rows up to and including an offset.</summary>
    /// <returns>How many rows were deleted.</returns>
    int Delete(long through, int max);

    /// <summary>Moves damaged rows out of the way, without losing them.</summary>
    void Quarantine(IReadOnlyList<long> offsets, DateTimeOffset foundAt);

    /// <summary>Bytes of the pages in use.</summary>
    long UsedBytes();

    /// <summary>Brings the write-ahead log into the file and truncates it.</summary>
    void Checkpoint();
}
