using System.Text;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>A copy of the history in InfluxDB: released numbers in one bucket, how equipment was in another, each with a secret of its own.</summary>
/// <remarks>It keeps no cursor and does not repeat what failed: its caller does both. It deletes and writes only; all that it reads, with a third secret, is how far the ledger had come.</remarks>
public sealed class InfluxHistory : IHistoryCopy, IDisposable
{
    /// <summary>Section of its settings.</summary>
    public const string Section = "Silo:History:Influx";

    /// <summary>Meter of its instruments.</summary>
    public const string MeterName = "Monitoring.History.Influx";

    /// <summary>Most lines in a row that are set aside one by one, in all calls together, while none is taken. Then it is not the lines, and somebody has to look.</summary>
    public const int RefusedRunMax = 100;

    private readonly InfluxOptions _options;
    private readonly InfluxWire _wire;
    private readonly InfluxTarget _analysis;
    private readonly InfluxTarget _operations;
    private readonly InfluxTarget? _head;
    private readonly Action<InfluxSetAside> _setAside;

    /// <summary>Makes the copy; nothing is sent yet.</summary>
    /// <param name="options">Settings that were found valid, with an address.</param>
    /// <param name="time">Wall clock.</param>
    /// <param name="setAside">Told of lines that are not written, for the log; once per call and reason.</param>
    public InfluxHistory(InfluxOptions options, TimeProvider time, Action<InfluxSetAside> setAside)
    {
        (_options, _setAside) = (options, setAside);
        _wire = new InfluxWire(options, time);
        _analysis = new InfluxTarget(options.AnalysisOrganisation, options.AnalysisBucket, options.AnalysisUser, options.AnalysisTokenFile!, $"{Section}:{nameof(InfluxOptions.AnalysisTokenFile)}");
        _head = string.IsNullOrEmpty(options.HeadTokenFile) ? null : new InfluxTarget(options.AnalysisOrganisation, options.AnalysisBucket, options.HeadUser, options.HeadTokenFile, $"{Section}:{nameof(InfluxOptions.HeadTokenFile)}", "read");
        _operations = new InfluxTarget(options.OperationsOrganisation, options.OperationsBucket, options.OperationsUser, options.OperationsTokenFile!, $"{Section}:{nameof(InfluxOptions.OperationsTokenFile)}");
    }

    /// <inheritdoc/>
    public string Name => "influxdb";

    /// <inheritdoc/>
    public Task<long?> CursorAsync(CancellationToken cancellation) => Task.FromResult<long?>(null);

    /// <inheritdoc/>
    public async Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation)
    {
        await _wire.DeleteAsync(_analysis, InfluxSchema.Outdated(points), cancellation);
        await WriteAsync(_analysis, points.Select(InfluxSchema.Line), cancellation);
    }

    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyList<HealthPoint> points, CancellationToken cancellation) => WriteAsync(_operations, points.Select(InfluxSchema.Line), cancellation);

    /// <inheritdoc/>
    public bool KeepsWeeks => true;

    /// <inheritdoc/>
    public async Task AppendWeeksAsync(IReadOnlyList<UsualWeek> weeks, CancellationToken cancellation)
    {
        await _wire.DeleteAsync(_analysis, InfluxSchema.Outdated(weeks), cancellation);
        await WriteAsync(_analysis, weeks.SelectMany(InfluxSchema.Lines), cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>Null also where no secret is set that may read it.</remarks>
    public async Task<LedgerMark?> HeadAsync(CancellationToken cancellation) =>
        _head is null ? null : InfluxHead.Read(await _wire.QueryAsync(_head, InfluxHead.Question, cancellation));

    /// <inheritdoc/>
    public Task KeepHeadAsync(LedgerMark head, DateTimeOffset at, CancellationToken cancellation) => WriteAsync(_analysis, [InfluxSchema.Line(head, at)], cancellation);

    /// <inheritdoc/>
    public async Task ForgetAsync(DateTimeOffset cellsBefore, DateTimeOffset healthBefore, CancellationToken cancellation)
    {
        await _wire.DeleteAsync(_analysis, InfluxSchema.ReleasesBefore(cellsBefore), cancellation);
        await _wire.DeleteAsync(_operations, InfluxSchema.HealthBefore(healthBefore), cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>How far the ledger had come stays: it is what an older ledger is known by.</remarks>
    public Task ClearAsync(CancellationToken cancellation) => _wire.DeleteAsync(_analysis, [InfluxRange.All(InfluxSchema.Crowd), InfluxRange.All(InfluxSchema.Week)], cancellation);

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _wire.Dispose();

    private async Task WriteAsync(InfluxTarget target, IEnumerable<InfluxLine> lines, CancellationToken cancellation)
    {
        var aside = new Dictionary<string, InfluxSetAside>();
        try
        {
            foreach (var batch in InBatches(lines, line => SetAside(target, aside, [line], "unwritable")))
                await WriteAsync(target, batch, aside, cancellation);
        }
        finally
        {
            foreach (var each in aside.Values)
                _setAside(each);
        }
    }

    // A batch that is refused is halved until the bad line is alone. Good ones among them are written again, over themselves.
    private async Task WriteAsync(InfluxTarget target, InfluxLine[] lines, Dictionary<string, InfluxSetAside> aside, CancellationToken cancellation)
    {
        var waiting = new Stack<InfluxLine[]>([lines]);
        while (waiting.TryPop(out var batch))
        {
            var answer = await _wire.WriteAsync(target, batch.Select(line => line.Text!), cancellation);
            if (answer.Reason is null)
            {
                target.RefusedRun = 0;
                InfluxMetrics.Written(target, batch.Length);
            }
            else if (batch.Length == 1 || answer.Dropped >= batch.Length)
            {
                StopAtLongRun(target, batch.Length, answer.Reason);
                SetAside(target, aside, batch, answer.Reason);
            }
            else
            {
                waiting.Push(batch[(batch.Length / 2)..]);
                waiting.Push(batch[..(batch.Length / 2)]);
            }
        }
    }

    private IEnumerable<InfluxLine[]> InBatches(IEnumerable<InfluxLine> lines, Action<InfluxLine> unwritable)
    {
        var (batch, bytes) = (new List<InfluxLine>(), 0);
        foreach (var line in lines)
        {
            if (line.Text is not { } text)
            {
                unwritable(line);
                continue;
            }

            var more = Encoding.UTF8.GetByteCount(text) + 1;
            if (batch.Count > 0 && (batch.Count == _options.BatchLines || bytes + more > _options.BatchBytes))
            {
                yield return [.. batch];
                batch.Clear();
                bytes = 0;
            }

            batch.Add(line);
            bytes += more;
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }

    private static void StopAtLongRun(InfluxTarget target, int lines, string reason)
    {
        // A copy that is made anew may begin before what the bucket keeps: that is no fault, however many lines it is.
        if (reason == InfluxAnswer.BeyondRetention)
            return;
        if (target.RefusedRun + lines > RefusedRunMax)
        {
            throw new HistoryAwayException($"InfluxDB takes no line for {target} any more ({reason}): look whether something else wrote the same measurement with other types, delete it there, then make the copy anew")
            {
                NeedsPerson = true,
            };
        }

        target.RefusedRun += lines;
    }

    private static void SetAside(InfluxTarget target, Dictionary<string, InfluxSetAside> aside, InfluxLine[] lines, string reason)
    {
        InfluxMetrics.SetAside(target, lines.Length, reason);
        var before = aside.GetValueOrDefault(reason) ?? new InfluxSetAside(target.ToString(), reason, 0, []);
        var named = before.Named.Concat(lines.Take(InfluxSetAside.NamedMax - before.Named.Count).Select(line => line.What()));
        aside[reason] = before with { Lines = before.Lines + lines.Length, Named = [.. named] };
    }
}

/// <summary>Lines that are not written. Their points stay in the release ledger, and are copied when the copy is made anew.</summary>
/// <param name="Destination">Organisation and bucket.</param>
/// <param name="Reason">A fixed word: <c>field-type</c>, <c>beyond-retention</c>, <c>unreadable</c>, <c>too-large</c>, <c>unwritable</c> (the protocol has no form for a name), <c>refused</c>.</param>
/// <param name="Lines">How many.</param>
/// <param name="Named">What the first of them are about: key and instant, never a value.</param>
public sealed record InfluxSetAside(string Destination, string Reason, int Lines, IReadOnlyList<string> Named)
{
    /// <summary>Most that are named.</summary>
    public const int NamedMax = 20;
}
