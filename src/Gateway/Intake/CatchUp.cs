using Monitoring.Domain;

namespace Monitoring.Gateway.Intake;

/// <summary>Reads for all lanes that are behind in one scan of the journal, and deletes what every space has saved.</summary>
internal sealed class CatchUp(IngestJournal journal, JournalAge age, Dispatcher dispatcher, JournalOptions options, HubClock clock, ILogger<CatchUp> log) : BackgroundService
{
    private const int RowsPerRead = 1_024;

    /// <summary>Spaces asked at once; while the silo is away each question takes its time-out.</summary>
    private const int AskedAtOnceMax = 32;

    /// <summary>How often spaces that have not saved are asked, and the journal is tidied.</summary>
    private static readonly TimeSpan TidyEvery = TimeSpan.FromSeconds(2);

    /// <summary>How often messages that are too old are looked for; by so much they may become older than they should.</summary>
    private static readonly TimeSpan LookAtAgeEvery = TimeSpan.FromSeconds(30);

    private long _deletedThrough;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        KeepOnAsync(ScanWhenNeededAsync, stoppingToken),
        KeepOnAsync(TidyAsync, stoppingToken),
        KeepOnAsync(LookAtAgeAsync, stoppingToken),
        KeepOnAsync(CheckpointAsync, stoppingToken));

    private async Task KeepOnAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        // Leave the starting thread: the host does not wait for the first scan.
        await Task.Yield();
        var backoff = new Backoff();
        var failed = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
                (backoff, failed) = (new Backoff(), false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A disk that cannot be read now may be read later; said once per change, and the work goes on.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (!failed)
                    log.TidyFailed(fault);
                failed = true;
                await backoff.WaitAsync(clock.Wall, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ScanWhenNeededAsync(CancellationToken stopping)
    {
        await dispatcher.CatchUpWork.WaitAsync(stopping);
        while (Scan())
            stopping.ThrowIfCancellationRequested();
    }

    /// <summary>One pass from the lowest offset that a lane with room needs, to the end.</summary>
    /// <returns>Whether anything was taken, so that another pass is worth it.</returns>
    private bool Scan()
    {
        var reading = new Dictionary<string, (SpaceLane Lane, long Highest)>(StringComparer.Ordinal);
        foreach (var lane in dispatcher.Lanes)
        {
            lock (lane.Gate)
            {
                if (lane.Behind && !lane.CursorUnknown && dispatcher.HasRoom(lane))
                    reading[lane.Space] = (lane, lane.Highest);
            }
        }

        if (reading.Count == 0)
            return false;
        var after = reading.Values.Min(entry => entry.Lane.TakenThrough);
        var took = false;
        while (reading.Count > 0)
        {
            var read = journal.Read(after, RowsPerRead);
            if (read.IsEnd)
            {
                Finish(reading.Values);
                break;
            }

            foreach (var row in read.Rows)
                took |= Give(row, reading);
            after = read.Through;
        }

        return took;
    }

    // What was committed before the scan and was not found by its end is not there: it is in quarantine.
    private static void Finish(IEnumerable<(SpaceLane Lane, long Highest)> read)
    {
        foreach (var (lane, highest) in read)
        {
            lock (lane.Gate)
            {
                if (lane.Behind && lane.Highest == highest && lane.TakenThrough < highest)
                    lane.EndsAt(lane.TakenThrough);
                if (lane.TakenThrough >= lane.Highest)
                    lane.Behind = false;
            }
        }
    }

    private bool Give(JournalRow row, Dictionary<string, (SpaceLane Lane, long Highest)> reading)
    {
        if (!reading.TryGetValue(row.Space, out var entry))
            return false;
        var lane = entry.Lane;
        lock (lane.Gate)
        {
            if (!lane.Behind || row.Offset <= lane.TakenThrough)
                return false;
            if (!dispatcher.HasRoom(lane))
            {
                // Later rows must not overtake this one: the lane leaves this scan and wakes the next.
                reading.Remove(row.Space);
                return false;
            }

            dispatcher.Take(lane, row);
            if (lane.TakenThrough >= lane.Highest)
                lane.Behind = false;
            return true;
        }
    }

    private async Task TidyAsync(CancellationToken stopping)
    {
        await Parallel.ForEachAsync(dispatcher.Lanes.Where(NeedsCursor), new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnceMax, CancellationToken = stopping }, async (lane, _) => await AskAsync(lane));
        var through = SavedByAll();
        if (through > _deletedThrough)
        {
            journal.DeleteThrough(through);
            _deletedThrough = through;
        }

        dispatcher.Wake();
        await Task.Delay(TidyEvery, clock.Wall, stopping);
    }

    private static bool NeedsCursor(SpaceLane lane)
    {
        lock (lane.Gate)
            return lane.CursorUnknown || (!lane.Sending && lane.Unsaved && lane.Pending == 0);
    }

    private async Task AskAsync(SpaceLane lane)
    {
        try
        {
            await dispatcher.AskCursorAsync(lane);
        }
#pragma warning disable CA1031 // The space is away; it is asked again at the next round.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!lane.Away)
                log.SpaceAway(lane.Space, fault);
            lane.Away = true;
        }
    }

    private long SavedByAll()
    {
        var through = journal.CommittedThrough;
        foreach (var lane in dispatcher.Lanes)
        {
            lock (lane.Gate)
            {
                if (lane.Unsaved)
                    through = Math.Min(through, lane.Saved);
            }
        }

        return through;
    }

    private async Task LookAtAgeAsync(CancellationToken stopping)
    {
        age.Look();
        await Task.Delay(LookAtAgeEvery, clock.Wall, stopping);
    }

    private async Task CheckpointAsync(CancellationToken stopping)
    {
        await Task.Delay(TimeSpan.FromMinutes(options.CheckpointMinutes), clock.Wall, stopping);
        journal.Checkpoint();
    }
}
