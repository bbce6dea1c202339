using Microsoft.Extensions.Logging;
using Monitoring.Domain.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Silo.History;

/// <summary>All copies of the history, each at its own pace: one that hangs, or has much to make up for, keeps nothing from the others.</summary>
/// <remarks>Its caller calls from one thread at a time, as a grain does.</remarks>
/// <param name="runs">The copies; the store is the first.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="assembly">How points are made.</param>
/// <param name="health">How equipment was.</param>
/// <param name="state">What spaces were.</param>
/// <param name="logger">Log.</param>
internal sealed class HistoryCopies(IReadOnlyList<CopyRun> runs, ReleaseStore ledger, PointAssembly assembly, HealthLog health, HistoryState state, ILogger logger)
{
    /// <summary>How often old cells are looked for, by the hub's clock.</summary>
    public static readonly TimeSpan RetentionEvery = TimeSpan.FromHours(1);

    /// <summary>How long the state of equipment is kept: 13 months.</summary>
    public static readonly TimeSpan HealthKept = TimeSpan.FromDays(396);

    private DateTimeOffset _retentionAt = DateTimeOffset.MinValue;

    /// <summary>The copies; the store is the first.</summary>
    public IReadOnlyList<CopyRun> Runs => runs;

    /// <summary>Done when all that is under way is; it never fails.</summary>
    public Task UnderWay => Task.WhenAll(runs.Select(run => run.UnderWay));

    /// <summary>Begins each copy that is doing nothing.</summary>
    /// <param name="now">The current instant by the hub's clock.</param>
    /// <param name="before">What comes first, for a copy.</param>
    /// <param name="after">What comes last, for a copy.</param>
    /// <param name="cancellation">Ends what is under way.</param>
    public void Begin(DateTimeOffset now, Func<CopyRun, Task> before, Func<CopyRun, Task> after, CancellationToken cancellation)
    {
        foreach (var run in runs.Where(run => run.UnderWay.IsCompleted))
            run.UnderWay = GoAsync(run, now, before, after, cancellation);
    }

    /// <summary>Forgets in the ledger the months that are too old, and notes it for the copies. What is kept is first copied, so that no copy misses what the ledger forgets.</summary>
    /// <param name="now">The current instant by the hub's clock.</param>
    /// <param name="days">How many days the ledger keeps at least.</param>
    /// <param name="tell">Is told of what goes before it goes, and says whether it can; where it cannot nothing goes, until the next look.</param>
    /// <param name="cancellation">Ends it after the piece under way.</param>
    public async Task ForgetAsync(DateTimeOffset now, int days, Func<IReadOnlyList<DueMonth>, Task<bool>> tell, CancellationToken cancellation)
    {
        if (now - _retentionAt < RetentionEvery || runs.Any(run => !run.UnderWay.IsCompleted || run.Away is not null || !run.IsUpToDate))
            return;
        _retentionAt = now;
        var before = state.KeptFrom(now, days);
        var isTold = ledger.Due(before) is not { Count: > 0 } due || await tell(due);
        var forgotten = 0;
        while (isTold && !cancellation.IsCancellationRequested && ForgetSome(before) is > 0 and var some)
        {
            forgotten += some;
            // A month of a large city is many pieces: questions come between them.
            await Task.Yield();
        }

        if (forgotten > 0)
            logger.Forgotten(forgotten);
        List<HistoryPoint> months = runs.All(run => !run.MonthsDue) ? [] : [.. state.Spaces.Keys.SelectMany(ledger.Months).Select(assembly.Of).OfType<HistoryPoint>()];
        // What the ledger still has, because it may not go or was cut short, copies keep too.
        var isGone = isTold && !cancellation.IsCancellationRequested;
        foreach (var run in runs)
            run.Note(new Forgetting(isGone ? state.StartOf(before) : DateTimeOffset.UnixEpoch, now - HealthKept, months));
    }

    /// <summary>Notes for all copies how equipment is. A space that cannot be read misses this instant, and holds up no other.</summary>
    /// <param name="spaces">The spaces.</param>
    /// <param name="read">Asks one of them.</param>
    public async Task NoteHealthAsync(IEnumerable<string> spaces, Func<string, Task<IEnumerable<HealthPoint>>> read)
    {
        var points = new List<HealthPoint>();
        foreach (var space in spaces)
        {
            try
            {
                points.AddRange(await read(space));
            }
#pragma warning disable CA1031 // Whatever it is, the other spaces can be read.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                logger.HealthUnknown(fault, space);
            }
        }

        health.Note(points);
    }

    /// <summary>Empties all copies once nothing is under way. Nothing may be begun meanwhile: a cursor that was read before would leave out what was there.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HistoryAwayException">Copies could not be emptied; the message names them. They get everything again over what they have, and the others are empty.</exception>
    public async Task ClearAsync(CancellationToken cancellation)
    {
        await UnderWay;
        // Months come with what is forgotten, and that is due as soon as the copies have everything else again.
        _retentionAt = DateTimeOffset.MinValue;
        var full = new List<string>();
        foreach (var run in runs)
        {
            try
            {
                await run.ClearAsync(cancellation);
            }
            catch (HistoryAwayException away)
            {
                full.Add($"{run.Copy.Name} ({away.Message})");
            }
        }

        if (full.Count > 0)
            throw new HistoryAwayException($"Not emptied: {string.Join(", ", full)}. It gets everything again over what it has, which the ledger may not have any more; ask again once it is back. The other copies are made anew");
    }

    // Noted before: it may have forgotten something also where it fails.
    private int ForgetSome(DateOnly before)
    {
        var due = runs.Select(run => run.MonthsDue).ToList();
        foreach (var run in runs)
            run.MonthsDue = true;
        var some = ledger.Forget(before);
        if (some == 0)
        {
            foreach (var (run, was) in runs.Zip(due))
                run.MonthsDue = was;
        }

        return some;
    }

    private async Task GoAsync(CopyRun run, DateTimeOffset now, Func<CopyRun, Task> before, Func<CopyRun, Task> after, CancellationToken cancellation)
    {
        try
        {
            await before(run);
            await run.GoOnAsync(now, cancellation);
            await after(run);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever it is, the ledger has the numbers, and the next beat tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.CannotCopy(fault);
        }
    }
}
