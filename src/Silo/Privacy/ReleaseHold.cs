using Monitoring.Domain;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>However long the disk takes: what is stored late comes out at a tick too, and not in the middle of a step, where the instant would tell how long it took.</summary>
internal sealed partial class ReleaseStore
{
    private volatile Hold _hold = Hold.Nothing;

    /// <summary>Releases cells of several days or spaces as <see cref="Release(IReadOnlyList{ValueTuple{ReleaseDay, SealedCell}}, DateTimeOffset)"/> does, and looks at the clock again when they are stored. Called by one thread alone.</summary>
    /// <param name="cells">The cells, each with the terms on its day.</param>
    /// <param name="clock">The hub's clock.</param>
    public void Release(IReadOnlyList<(ReleaseDay Day, SealedCell Cell)> cells, HubClock clock)
    {
        var (began, head) = (clock.Now, Head);
        var before = _hold.Rest(began);
        var storing = new Hold(head.Number, head.Seq, DateTimeOffset.MaxValue, before);
        _hold = storing;
        try
        {
            Release(cells, began);
        }
        finally
        {
            // On time is what is stored before the first tick at which anything of it could come out.
            var ended = clock.Now;
            _hold = ended < ReleaseTick.Of(DateTimeOffset.MinValue, began) ? before ?? Hold.Nothing : storing with { Until = ReleaseTick.After(ended) };
        }
    }

    /// <summary>What others do not see yet, besides what waits for its tick.</summary>
    /// <param name="Number">Rows after it are held.</param>
    /// <param name="Seq">So are changes after it.</param>
    /// <param name="Until">Until this instant.</param>
    /// <param name="Earlier">One before it that may still last. It ends sooner and holds more, since it began at a lower number; null where there is none.</param>
    private sealed record Hold(long Number, long Seq, DateTimeOffset Until, Hold? Earlier = null)
    {
        public static readonly Hold Nothing = new(long.MaxValue, long.MaxValue, DateTimeOffset.MinValue);

        public Hold At(DateTimeOffset now) => Earlier is { } first && now < first.Until ? first.At(now) : now < Until ? this : Nothing;

        /// <summary>Those that last at an instant; null where none does.</summary>
        public Hold? Rest(DateTimeOffset now) => now < Until ? this with { Earlier = Earlier?.Rest(now) } : null;
    }
}
