using System.Text;
using Monitoring.Storage;

namespace Monitoring.Gateway.Intake;

/// <summary>One row of the journal.</summary>
/// <param name="Offset">Its number, from 1, growing; never used twice.</param>
/// <param name="Space">Space it is for.</param>
/// <param name="Body">UTF-8 JSON of an accepted message.</param>
/// <param name="KeptSince">When it was handed to the journal, by the gateway's <see cref="SteadyClock"/>; not part of the checksum: it decides nothing about a count but when it goes.</param>
internal sealed record JournalRow(long Offset, string Space, byte[] Body, DateTimeOffset KeptSince)
{
    /// <summary>Covers number, space and body, so that a body under a wrong key does not pass.</summary>
    public long Checksum => RowChecksum.Of(RowChecksum.Of(Offset, Encoding.UTF8.GetBytes(Space)), Body);
}

/// <summary>What a read of the journal gave.</summary>
/// <param name="Rows">Good rows, offsets ascending.</param>
/// <param name="Damaged">Offsets of rows whose checksum does not fit.</param>
/// <param name="Through">Highest offset looked at; the offset asked from where there was nothing.</param>
internal sealed record JournalRead(IReadOnlyList<JournalRow> Rows, IReadOnlyList<long> Damaged, long Through)
{
    /// <summary>Whether there was nothing after the offset asked from.</summary>
    public bool IsEnd => Rows.Count == 0 && Damaged.Count == 0;
}
