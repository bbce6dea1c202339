using System.Globalization;

namespace Monitoring.Host.Tests.History;

/// <summary>What a surface says about one point.</summary>
/// <param name="Series">The series.</param>
/// <param name="Grid">Name of the grid.</param>
/// <param name="From">UTC start.</param>
/// <param name="Said">The number, or the word why there is none.</param>
/// <param name="Err95">How far off it may be; null where the surface does not say it of this point.</param>
internal sealed record Told(string Series, string Grid, DateTimeOffset From, string Said, long? Err95)
{
    public static Told Of(string series, string grid, DateTimeOffset from, long? value, string? reason, long? err95) =>
        new(series, grid, from, value?.ToString(CultureInfo.InvariantCulture) ?? reason ?? "nothing", err95);
}

/// <summary>A-01: asks again and again, and finds points of which different things were said.</summary>
internal sealed class Averaging
{
    private readonly Dictionary<(string Series, string Grid, DateTimeOffset From), Dictionary<string, string>> _said = [];
    private readonly Dictionary<(string Series, string Grid, DateTimeOffset From), Dictionary<long, string>> _err95 = [];

    /// <summary>How many points each fetch of each surface told of.</summary>
    public Dictionary<string, List<int>> Fetches { get; } = [];

    /// <summary>Points that were told of on a grid.</summary>
    /// <param name="grid">Name of the grid.</param>
    public int Points(string grid) => _said.Keys.Count(point => point.Grid == grid);

    /// <summary>Notes what one fetch of a surface said.</summary>
    public void Note(string surface, IReadOnlyCollection<Told> told)
    {
        (Fetches.TryGetValue(surface, out var fetches) ? fetches : Fetches[surface] = []).Add(told.Count);
        foreach (var one in told)
        {
            var point = (one.Series, one.Grid, one.From);
            (_said.TryGetValue(point, out var said) ? said : _said[point] = []).TryAdd(one.Said, surface);
            if (one.Err95 is { } err95)
                (_err95.TryGetValue(point, out var errors) ? errors : _err95[point] = []).TryAdd(err95, surface);
        }
    }

    /// <summary>Points of which more than one thing was said, with who said it first.</summary>
    public IReadOnlyList<string> Faults() => [.. Twice(_said, "says"), .. Twice(_err95, "has an error of")];

    private static IEnumerable<string> Twice<T>(Dictionary<(string Series, string Grid, DateTimeOffset From), Dictionary<T, string>> said, string verb)
        where T : notnull =>
        said.Where(point => point.Value.Count > 1).Select(point => $"{point.Key.Series} {point.Key.Grid} {point.Key.From:O}: {string.Join(", ", point.Value.Select(one => $"{one.Value} {verb} {one.Key}"))}");
}
