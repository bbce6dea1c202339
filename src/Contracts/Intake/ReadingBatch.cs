namespace Monitoring.Contracts.Intake;

/// <summary>Journaled messages on their way to one space.</summary>
/// <param name="Journal">Random id given to the journal when it was created.</param>
/// <param name="Gateway">Name of the gateway that keeps the journal.</param>
/// <param name="Records">Messages, offsets ascending; at most <see cref="RecordsMax"/>.</param>
/// <param name="After">Highest offset of this space that was handed over before; 0 where none was. A space that has not applied it has lost what lay
/// between (its silo was killed before it saved): it applies nothing, answers how far it has come, and gets the rest again.</param>
[Immutable, GenerateSerializer, Alias("reading-batch")]
public sealed record ReadingBatch([property: Id(0)] Guid Journal, [property: Id(1)] string Gateway, [property: Id(2)] IReadOnlyList<JournaledMessage> Records, [property: Id(3)] long After = 0)
{
    /// <summary>Most messages in one batch.</summary>
    public const int RecordsMax = 512;
}

/// <summary>One message as the journal keeps it.</summary>
/// <param name="Offset">Its place in the journal, from 1, growing.</param>
/// <param name="Body">UTF-8 JSON of a <see cref="Domain.Intake.AcceptedMessage"/>.</param>
[Immutable, GenerateSerializer, Alias("journaled-message")]
public readonly record struct JournaledMessage([property: Id(0)] long Offset, [property: Id(1)] byte[] Body);

/// <summary>How far a space has come with a journal.</summary>
/// <param name="Applied">Highest offset applied in memory.</param>
/// <param name="Saved">Highest offset whose effect is on disk.</param>
/// <param name="Duplicates">Readings of this call that were set aside as repeats.</param>
[Immutable, GenerateSerializer, Alias("ingest-receipt")]
public sealed record IngestReceipt([property: Id(0)] long Applied, [property: Id(1)] long Saved, [property: Id(2)] int Duplicates);
