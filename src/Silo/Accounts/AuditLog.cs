using System.Globalization;
using System.Text.Json;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;
using Monitoring.Storage;

namespace Monitoring.Silo.Accounts;

/// <summary>Writes the chain: one row per append, a further one when a block is full or a month ends. One caller at a time.</summary>
/// <remarks>
/// A block is the truth and the head row only lists months and may lag: after a crash the log looks for the blocks that follow.
/// The order of writes makes each crash harmless: the closing entry before the head names the next month, the head before that month's first block.
/// After any failed write nothing in memory is believed; the next call reads again.
/// </remarks>
internal sealed class AuditLog(AuditRows rows, int months)
{
    // The last blocks of a month are kept for one more call's facts and for the entry that ends it.
    private const int BlocksKept = 32;

    // No log reaches back further: the longest that AuditMonths may say.
    private const int MonthsMax = 120;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private bool _loaded;
    private AuditRow<AuditHead> _head = new(AuditRows.Head, new());
    private AuditRow<AuditBlockState> _block = new("", new());
    private int _index;
    private AuditMark _end = AuditMark.Start;
    private bool _closed;
    private bool _oldDropped;

    private AuditMonth? Month => _head.Value.Months.Count == 0 ? null : _head.Value.Months[^1];

    /// <summary>Adds what was not added before; returns when it is durable.</summary>
    public Task AppendAsync(IReadOnlyList<AuditFact> facts, DateTimeOffset now) => GuardAsync(async () =>
    {
        await OpenMonthAsync(now);
        if (!_oldDropped)
            await DropOldAsync(now);
        _oldDropped = true;
        await AddNewAsync(facts);
        return true;
    });

    /// <summary>Entries below a number, newest first.</summary>
    public Task<IReadOnlyList<AuditLine>> ReadAsync(long before, int max) => GuardAsync(async () =>
    {
        var found = new List<AuditLine>();
        for (var number = Math.Min(before - 1, _end.Number); number > 0 && found.Count < max && MonthOf(number) is { } month;)
        {
            var lines = (await BlockAsync(month.Name, (int)((number - month.First) / AuditRows.BlockLength))).Lines;
            if (lines.Count == 0)
                throw new StoreException($"the audit log has no entry {number}: run 'monitoring verify'");
            found.AddRange(lines.Where(line => line.Number <= number).Reverse().Take(max - found.Count));
            number = lines[0].Number - 1;
        }

        return (IReadOnlyList<AuditLine>)found;
    });

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            if (!_loaded)
                await LoadAsync();
            _loaded = true;
            return await work();
        }
        catch
        {
            _loaded = false;
            throw;
        }
    }

    private AuditMonth? MonthOf(long number) => _head.Value.Months.LastOrDefault(month => month.First <= number);

    private async Task<AuditBlockState> BlockAsync(string segment, int index) =>
        segment == Month?.Name && index == _index ? _block.Value : (await rows.ReadBlockAsync(segment, index)).Value;

    private async Task LoadAsync()
    {
        (_index, _end, _closed, _oldDropped, _block) = (0, AuditMark.Start, false, false, new("", new()));
        _known.Clear();
        _order.Clear();
        _head = await rows.ReadHeadAsync();
        if (Month is not { } month)
            return;
        _block = AuditRows.NewBlock(month.Name, 0);
        await FindEndAsync(month);
        await RememberAsync();
        if (_head.Value.Dropping is { } dropping)
            await FinishDroppingAsync(dropping);
    }

    private async Task FindEndAsync(AuditMonth month)
    {
        var known = _head.Value.Known;
        var first = Math.Max(0, month.Blocks - 1);
        _end = month.Blocks == 0 ? known : AuditMark.Start;
        for (var index = first; ; index++)
        {
            var block = await rows.ReadBlockAsync(month.Name, index);
            if (!block.Exists)
                break;
            (_block, _index) = (block, index);
            var last = block.Value.Lines[^1];
            (_end, _closed) = (new(last.Number, last.Hash), last.Kind == AuditChain.SegmentClosed);
        }

        // Never go on over a gap: what was cut off is for 'monitoring verify' to name.
        if (_end.Number < known.Number)
            throw new StoreException("the end of the audit log is missing: run 'monitoring verify', and restore the state file from a copy");
    }

    // Newest first. An old block that cannot be read only means that its ids are not known: it must not keep new entries out.
    private async Task RememberAsync()
    {
        var ids = new List<string>();
        foreach (var month in _head.Value.Months.Reverse())
        {
            var last = month == Month ? _index : month.Blocks - 1;
            for (var index = last; index >= 0 && ids.Count < AuditLimits.RepeatsMax; index--)
                ids.AddRange((await ReadableAsync(month.Name, index)).Select(line => line.Id).Reverse());
        }

        foreach (var id in ids.Take(AuditLimits.RepeatsMax).Reverse())
            Remember(id);
    }

    private async Task<IReadOnlyList<AuditLine>> ReadableAsync(string segment, int index)
    {
        try
        {
            return (await BlockAsync(segment, index)).Lines;
        }
        catch (Exception fault) when (fault is StoreException or JsonException)
        {
            return [];
        }
    }

    private void Remember(string id)
    {
        if (!_known.Add(id))
            return;
        _order.Enqueue(id);
        if (_order.Count > AuditLimits.RepeatsMax)
            _known.Remove(_order.Dequeue());
    }

    private async Task OpenMonthAsync(DateTimeOffset now)
    {
        var segment = AuditChain.SegmentOf(now);
        // A clock that goes back stays in the month that is open.
        if (Month is { } month && !_closed && string.CompareOrdinal(segment, month.Name) <= 0)
            return;
        if (!_head.Exists)
            await RefuseWithoutHeadAsync(now);
        var open = Month;
        if (open is not null && _end.Number >= open.First && !_closed)
            await AddAsync([AuditChain.Close(_end, open.Name, _end.Number - open.First + 1, now)]);
        var before = _head.Value.Months;
        if (open is not null)
            before = [.. before.SkipLast(1), .. _closed ? new[] { open with { Blocks = _index + 1, End = _end } } : []];
        if (open is not null && _closed && string.CompareOrdinal(segment, open.Name) <= 0)
            segment = AuditChain.SegmentOf(DateTimeOffset.ParseExact(open.Name + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).AddMonths(1));
        await WriteHeadAsync(new() { Months = [.. before, new(segment, _end.Number + 1, 0, null)], Known = _end });
        (_block, _index, _closed) = (AuditRows.NewBlock(segment, 0), 0, false);
        _oldDropped = false;
    }

    // A log that begins must find nothing: blocks without a head row are a log that was damaged, and a new head would hide it.
    private async Task RefuseWithoutHeadAsync(DateTimeOffset now)
    {
        for (var back = 0; back <= MonthsMax; back++)
        {
            if ((await rows.ReadBlockAsync(AuditChain.SegmentOf(now.AddMonths(-back)), 0)).Exists)
                throw new StoreException("the head row of the audit log is missing: run 'monitoring verify', and restore the state file from a copy");
        }
    }

    private async Task AddNewAsync(IReadOnlyList<AuditFact> facts)
    {
        if (_index >= AuditRows.BlocksMax - BlocksKept)
            throw new StoreException($"the audit log of {Month!.Name} is full");
        var fresh = new List<AuditLine>();
        var end = _end;
        foreach (var fact in facts.Where(fact => !_known.Contains(fact.Id)).DistinctBy(fact => fact.Id))
        {
            var line = AuditChain.Next(end, new(0, Month!.Name, fact.Id, fact.At, fact.Kind, fact.Who, fact.Subject, fact.Detail, "", ""));
            fresh.Add(line);
            end = new(line.Number, line.Hash);
        }

        await AddAsync(fresh);
    }

    private async Task AddAsync(List<AuditLine> lines)
    {
        for (var done = 0; done < lines.Count;)
        {
            if (_block.Value.Lines.Count == AuditRows.BlockLength)
                await NextBlockAsync();
            var some = lines.Skip(done).Take(AuditRows.BlockLength - _block.Value.Lines.Count).ToList();
            _block.Value = new() { Lines = [.. _block.Value.Lines, .. some] };
            await rows.WriteAsync(_block);
            (_end, _closed) = (new(some[^1].Number, some[^1].Hash), some[^1].Kind == AuditChain.SegmentClosed);
            some.ForEach(line => Remember(line.Id));
            done += some.Count;
        }
    }

    private async Task NextBlockAsync()
    {
        await WriteHeadAsync(_head.Value with { Months = [.. _head.Value.Months.SkipLast(1), Month! with { Blocks = _index + 1 }], Known = _end });
        (_block, _index) = (AuditRows.NewBlock(Month!.Name, _index + 1), _index + 1);
    }

    private async Task DropOldAsync(DateTimeOffset now)
    {
        var oldest = AuditChain.SegmentOf(now.AddMonths(-months));
        while (_head.Value.Months is [{ End: { } end } old, ..] && string.CompareOrdinal(old.Name, oldest) < 0)
        {
            await AddNewAsync([new($"{AuditChain.SegmentDropped}/{old.Name}", now, AuditChain.SegmentDropped, AuditChain.Hub, old.Name, AuditChain.Seal(end.Number, end.Hash))]);
            await WriteHeadAsync(_head.Value with { Months = [.. _head.Value.Months.Skip(1)], Dropping = old.Name });
            await FinishDroppingAsync(old.Name);
        }
    }

    private async Task FinishDroppingAsync(string segment)
    {
        await rows.ClearAsync(segment);
        await WriteHeadAsync(_head.Value with { Dropping = null });
    }

    private Task WriteHeadAsync(AuditHead head)
    {
        _head.Value = head;
        return rows.WriteAsync(_head);
    }
}
