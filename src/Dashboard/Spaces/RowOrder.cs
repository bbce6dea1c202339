using Monitoring.Domain.Crowd;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Worst first, but calmly: rows change places at once when a level changes, else at most every five seconds, so that an eye can stay on a row.</summary>
internal sealed class RowOrder
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, LevelOfService> _levels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private DateTimeOffset _orderedAt = DateTimeOffset.MinValue;

    /// <summary>The spaces in the order to show.</summary>
    /// <param name="spaces">All spaces.</param>
    /// <param name="now">Wall clock.</param>
    public IReadOnlyList<SpaceLive> Of(IReadOnlyList<SpaceLive> spaces, DateTimeOffset now)
    {
        if (now - _orderedAt >= Calm || spaces.Count != _places.Count || spaces.Any(space => !_levels.TryGetValue(space.Id, out var level) || level != LevelOf(space)))
            Order(spaces, now);
        return [.. spaces.OrderBy(space => _places[space.Id])];
    }

    private void Order(IReadOnlyList<SpaceLive> spaces, DateTimeOffset now)
    {
        _orderedAt = now;
        _levels.Clear();
        _places.Clear();
        var worstFirst = spaces.OrderByDescending(space => LevelOf(space).Severity()).ThenByDescending(space => space.Snapshot?.Density ?? -1).ThenBy(space => space.Name, StringComparer.Ordinal);
        foreach (var space in worstFirst)
        {
            _places[space.Id] = _places.Count;
            _levels[space.Id] = LevelOf(space);
        }
    }

    private static LevelOfService LevelOf(SpaceLive space) => space.Snapshot?.LevelOfService ?? LevelOfService.Unknown;
}
