using Monitoring.Domain.History;

namespace Monitoring.Silo.History;

/// <summary>How equipment was: first into the store of this machine, and from there, by instant, to every other copy, which so gets what it missed.</summary>
/// <param name="store">The store.</param>
/// <param name="state">Keeps up to which instant each copy has it.</param>
/// <param name="read">What it has after an instant: all points of the first so many instants there, by instant.</param>
internal sealed class HealthLog(IHistoryCopy store, HistoryState state, Func<DateTimeOffset, int, CancellationToken, Task<IReadOnlyList<HealthPoint>>> read)
{
    /// <summary>Most instants that wait for a store that takes nothing: a day. With more the oldest are lost.</summary>
    public const int WaitingMax = 96;

    /// <summary>Most instants that go to a copy in one piece.</summary>
    public const int InstantsMax = 8;

    private readonly Queue<IReadOnlyList<HealthPoint>> _waiting = [];

    /// <summary>The store.</summary>
    public IHistoryCopy Store => store;

    /// <summary>How often the store has taken something: a copy that has looked since has all of it.</summary>
    public long Taken { get; private set; }

    /// <summary>Notes how devices were at an instant.</summary>
    /// <param name="points">The devices.</param>
    public void Note(IReadOnlyList<HealthPoint> points)
    {
        _waiting.Enqueue(points);
        if (_waiting.Count > WaitingMax)
            _waiting.Dequeue();
    }

    /// <summary>Brings what waits into the store. An instant that comes again, after a restart or where the clock was put back, goes to the copies again, with what follows.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Whether the state has changed.</returns>
    /// <exception cref="HistoryAwayException">It takes nothing now; what was not written goes on waiting.</exception>
    public async Task<bool> StoreAsync(CancellationToken cancellation)
    {
        var changed = false;
        while (_waiting.TryPeek(out var points))
        {
            await store.AppendAsync(points, cancellation);
            // With so many waiting, it may have gone meanwhile.
            if (_waiting.TryPeek(out var first) && ReferenceEquals(first, points))
                _waiting.Dequeue();
            changed |= points.Count > 0 && state.NoteHealthFrom(points[0].At);
            Taken++;
        }

        return changed;
    }

    /// <summary>What comes next for a copy; null while the store cannot be asked, which its own run says.</summary>
    /// <param name="after">UTC instant up to which the copy has everything.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyList<HealthPoint>?> AfterAsync(DateTimeOffset after, CancellationToken cancellation)
    {
        try
        {
            return await read(after, InstantsMax, cancellation);
        }
        catch (HistoryAwayException)
        {
            return null;
        }
    }
}
