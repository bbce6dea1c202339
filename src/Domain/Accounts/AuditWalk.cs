namespace Monitoring.Domain.Accounts;

/// <summary>Entries that are stored together.</summary>
/// <param name="Segment">Segment they are stored under.</param>
/// <param name="Index">0 for the first block of the segment, then one more each.</param>
/// <param name="Lines">The entries; null where the block cannot be read.</param>
/// <param name="Damaged">Whether the store's own checksum does not fit.</param>
public sealed record AuditBlock(string Segment, int Index, IReadOnlyList<AuditLine>? Lines, bool Damaged);

/// <summary>The first thing that is wrong with a chain.</summary>
/// <param name="Number">Number of the first bad entry.</param>
/// <param name="Segment">Segment in which it is, or should be.</param>
/// <param name="What">What is wrong with it.</param>
public sealed record AuditFault(long Number, string Segment, string What);

/// <summary>What a walk found in one segment.</summary>
/// <param name="Name">The segment.</param>
/// <param name="First">Number of its first entry.</param>
/// <param name="End">Its last entry so far.</param>
/// <param name="Closed">Whether it has ended.</param>
public sealed record AuditSegment(string Name, long First, AuditMark End, bool Closed);

/// <summary>Walks the whole chain and names the first bad entry.</summary>
public sealed class AuditWalk
{
    private readonly List<AuditSegment> _segments = [];
    private readonly HashSet<string> _dropped = [];
    private readonly AuditMark? _known;
    private AuditLine? _first;
    private int _blocks;

    private AuditWalk(AuditMark? known) => _known = known;

    /// <summary>Segments that were walked, oldest first, as far as they are good.</summary>
    public IReadOnlyList<AuditSegment> Segments => _segments;

    /// <summary>The end of the good part of the chain.</summary>
    public AuditMark End => _segments.Count == 0 ? AuditMark.Start : _segments[^1].End;

    /// <summary>Entries that are good.</summary>
    public long Entries => _first is null ? 0 : End.Number - _first.Number + 1;

    /// <summary>The first bad entry; null where there is none.</summary>
    public AuditFault? Fault { get; private set; }

    /// <summary>Walks a chain.</summary>
    /// <param name="blocks">All blocks, ordered by segment and index.</param>
    /// <param name="known">An entry that must be in it: the last one that the store's head row knows; null where that row is missing or damaged.</param>
    public static AuditWalk Over(IEnumerable<AuditBlock> blocks, AuditMark? known)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var walk = new AuditWalk(known);
        foreach (var block in blocks)
        {
            walk.Fault ??= walk.Enter(block);
            foreach (var line in block.Lines ?? [])
            {
                walk.Fault ??= walk.Step(block.Segment, line);
                walk.Remember(line);
            }

            if (block.Damaged)
                walk.Fault ??= new(block.Lines?.Count > 0 ? block.Lines[0].Number : walk.End.Number + 1, block.Segment, "changed: the checksum of its row does not fit");
        }

        walk.Fault = walk.BadBeginning() ?? walk.Fault ?? walk.BadEnd();
        return walk;
    }

    private AuditFault? Enter(AuditBlock block)
    {
        var next = End.Number + 1;
        if (_segments.Count == 0 || _segments[^1].Name != block.Segment)
        {
            if (_segments.Count > 0 && !_segments[^1].Closed)
                return new(next, _segments[^1].Name, "missing: the segment has no end, and another follows");
            _blocks = 0;
        }

        if (block.Index != _blocks)
            return new(next, block.Segment, $"missing: block {_blocks} of the segment is gone");
        _blocks++;
        return block.Lines is { Count: > 0 } ? null : new(next, block.Segment, $"unreadable: block {block.Index} of the segment is damaged");
    }

    private AuditFault? Step(string segment, AuditLine line)
    {
        var same = _segments.Count > 0 && _segments[^1].Name == segment;
        var last = _first is null ? new AuditMark(line.Number - 1, line.Previous) : End;
        if (line.Number != last.Number + 1)
            return new(last.Number + 1, segment, line.Number > last.Number ? $"missing: entry {line.Number} stands in its place" : $"out of order: entry {line.Number} stands in its place");
        if (line.Segment != segment || AuditChain.HashOf(line) != line.Hash)
            return new(line.Number, segment, "changed: its hash does not fit what it says");
        if (line.Previous != last.Hash)
            return new(line.Number, segment, $"does not follow from entry {last.Number}: one of the two was rewritten");
        if (same && _segments[^1].Closed)
            return new(line.Number, segment, "added: it stands after the end of its segment");
        if (line.Number == _known?.Number && line.Hash != _known.Hash)
            return new(line.Number, segment, "rewritten: the head of the log knows another hash of it");
        var closes = line.Kind == AuditChain.SegmentClosed;
        var first = same ? _segments[^1].First : line.Number;
        if (closes && (line.Subject != segment || line.Detail != AuditChain.Seal(line.Number - first, line.Previous)))
            return new(line.Number, segment, "changed: it ends its segment with a wrong count or hash");
        var found = new AuditSegment(segment, first, new(line.Number, line.Hash), closes);
        _first ??= line;
        if (same)
            _segments[^1] = found;
        else
            _segments.Add(found);
        return null;
    }

    private void Remember(AuditLine line)
    {
        if (line.Kind == AuditChain.SegmentDropped && line.Detail is { } seal)
            _dropped.Add(seal);
    }

    // What was dropped at the end of its time is told by an entry that is still there.
    private AuditFault? BadBeginning()
    {
        if (_first is null || (_first.Number == 1 && _first.Previous == AuditChain.Genesis) || _dropped.Contains(AuditChain.Seal(_first.Number - 1, _first.Previous)))
            return null;
        return _first.Number == 1
            ? new(1, _first.Segment, "changed: it names an entry before the first")
            : new(_first.Number - 1, _first.Segment, "missing: the log begins after it, and no entry says that it was dropped");
    }

    private AuditFault? BadEnd() => (_known, _segments) switch
    {
        (null, []) => null,
        (null, [.., var last]) => new(End.Number + 1, last.Name, "unproven: the head row of the log is missing or damaged, so that nothing says whether entries are gone here"),
        ({ } known, var segments) when known.Number > End.Number => new(End.Number + 1, segments is [.., var last] ? last.Name : "", $"missing: the head of the log knows entry {known.Number}"),
        _ => null,
    };
}
