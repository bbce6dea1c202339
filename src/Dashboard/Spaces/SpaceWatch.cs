using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Follows one space: a watch that brings each change, and a beat each second that notices when the watch has gone quiet.</summary>
internal sealed class SpaceWatch(PublicSpace space, IGrainFactory grains, HubClock clock, LiveOptions options, Random jitter, ILogger log, SpaceWatch? before = null)
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan RewatchAfter = TimeSpan.FromSeconds(0.5);

    private const int BehindMax = 2;

    private readonly Lock _gate = new();
    private CancellationTokenSource? _watching;
    private DateTimeOffset? _confirmedAt = before?.ConfirmedAt;
    private DateTimeOffset? _signAt = before?.ConfirmedAt;
    private long _watched;
    private long _watchedSequence;

    /// <summary>What is known of the space; at first what the watch before it knew.</summary>
    public SpaceLive Current { get; private set; } = new(space.Id, space.Name, space.City, before?.Current.Update, before?.Current.Snapshot, before?.Current.IsLive ?? false);

    /// <summary>When the space last answered the beat, by the wall clock; null before the first. What the watch brings does not move it: everyone on duty sees its age, technicians too, and it would tell when somebody passed.</summary>
    public DateTimeOffset? ConfirmedAt { get { lock (_gate) return _confirmedAt; } }

    /// <summary>Told after each change of <see cref="Current"/>.</summary>
    public required Action<SpaceLive> Moved { get; init; }

    /// <summary>Told when a watch ended and is begun again.</summary>
    public required Action Rewatched { get; init; }

    /// <summary>Follows the space until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(WatchAsync(cancellation), BeatAsync(cancellation));

    private async Task WatchAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            lock (_gate)
                _watching = watching;
            try
            {
                await foreach (var update in Grain.WatchAsync(watching.Token).WithCancellation(watching.Token))
                {
                    Interlocked.Exchange(ref _watchedSequence, update.Sequence);
                    Interlocked.Increment(ref _watched);
                    Take(update);
                }
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                // Whatever ended it, the answer is the same: begin again. The beat decides meanwhile whether the space is lost.
                log.WatchEnded(space.Id, error.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Rewatched();
            await clock.Wall.PauseAsync(RewatchAfter * (0.5 + jitter.NextDouble()), cancellation);
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(BeatEvery, clock.Wall);
        var (asked, behind) = (0L, 0);
        do
        {
            var watchedBefore = Interlocked.Read(ref _watched);
            if (await AskAsync(cancellation) is { } answer)
            {
                lock (_gate)
                    _signAt = _confirmedAt = clock.Wall.GetUtcNow();
                // Asking may make the space publish, and the answer may overtake the watch. So the watch is measured by what was
                // asked a beat ago: what it has not brought after a whole beat, twice running, it will not bring.
                behind = asked > Interlocked.Read(ref _watchedSequence) ? behind + 1 : 0;
                asked = answer.Sequence;
                if (watchedBefore == Interlocked.Read(ref _watched))
                {
                    if (behind >= BehindMax || answer.Sequence < Current.Sequence)
                    {
                        Rewatch();
                        behind = 0;
                    }

                    Take(answer with { IsSnapshot = true });
                }
            }

            Judge();
        }
        while (await timer.NextAsync(cancellation));
    }

    private async Task<SpaceUpdate?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            return await Grain.GetAsync().WaitAsync(AnswerWithin, clock.Wall, cancellation);
        }
#pragma warning disable CA1031 // Whatever keeps the space from answering, the beat must go on: it is what says that the space is lost.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!SiloAway.Is(error) && error is not OperationCanceledException)
                log.WatchEnded(space.Id, error.GetType().Name);
            return null;
        }
    }

    private void Take(SpaceUpdate update)
    {
        SpaceLive current;
        lock (_gate)
        {
            _signAt = clock.Wall.GetUtcNow();
            var before = Current;
            if (before.IsLive && before.Sequence == update.Sequence && before.Update!.Json.AsSpan().SequenceEqual(update.Json))
                return;
            if (!before.IsLive)
                log.SpaceBack(space.Id);
            current = Current = before with { Update = update, Snapshot = SpaceSnapshot.FromBytes(update.Json), IsLive = true };
        }

        Moved(current);
    }

    private void Judge()
    {
        SpaceLive current;
        lock (_gate)
        {
            if (!Current.IsLive || clock.Wall.GetUtcNow() - _signAt <= TimeSpan.FromSeconds(options.LostAfterSeconds))
                return;
            current = Current = Current with { IsLive = false };
        }

        log.SpaceLost(space.Id, options.LostAfterSeconds);
        Rewatch();
        Moved(current);
    }

    private void Rewatch()
    {
        lock (_gate)
        {
            try
            {
                _watching?.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The watch ended by itself at this moment; the next one is on its way.
            }
        }
    }

    private ISpaceGrain Grain => grains.GetGrain<ISpaceGrain>(space.Id);
}
