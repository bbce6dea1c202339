using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Domain.Spaces;

/// <summary>The last two hours of one space in steps, for the strip beside the plan. In memory only: raw numbers of the past are not written down.</summary>
public sealed class RecentStrip
{
    /// <summary>Length of a step.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <summary>Most steps kept: two hours.</summary>
    public const int StepsMax = 720;

    private readonly LinkedList<(long Step, SpaceSnapshot Snapshot)> _steps = [];

    /// <summary>Notes a state; the last one of a step stands for it. With a state of other zones or lines the strip begins anew: the site was changed, and its rows are theirs.</summary>
    /// <param name="snapshot">The state.</param>
    public void Note(SpaceSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (_steps.Last is { } before && !HasSameRows(before.Value.Snapshot, snapshot))
            _steps.Clear();
        var step = snapshot.AsOf.UtcTicks / Step.Ticks;
        // Also what lies ahead: the clock may have been set back.
        while (_steps.Last is { } last && last.Value.Step >= step)
            _steps.RemoveLast();
        _steps.AddLast((step, Lean(snapshot)));
        while (_steps.First!.Value.Step <= step - StepsMax)
            _steps.RemoveFirst();
    }

    /// <summary>The strip as UTF-8 JSON: the body of <c>GET /api/spaces/{id}/recent</c>. A step in which nothing was known, or the hub did not run, is null.</summary>
    public byte[] ToBytes()
    {
        if (_steps.First is not { } first)
            return JsonSerializer.SerializeToUtf8Bytes(new RecentView((int)Step.TotalSeconds, null, [], [], []), RecentJson.Default.RecentView);
        var (from, to) = (first.Value.Step, _steps.Last!.Value.Step);
        var bySteps = new SpaceSnapshot?[to - from + 1];
        foreach (var (step, snapshot) in _steps)
            bySteps[step - from] = snapshot;
        var newest = _steps.Last.Value.Snapshot;
        return JsonSerializer.SerializeToUtf8Bytes(
            new RecentView(
                (int)Step.TotalSeconds,
                new DateTimeOffset(from * Step.Ticks, TimeSpan.Zero),
                [.. bySteps.Select(snapshot => snapshot?.People)],
                [.. newest.Zones.Select((zone, i) => new RecentZone(zone.Id, [.. bySteps.Select(snapshot => snapshot?.Zones.ElementAtOrDefault(i)?.Density)]))],
                [.. newest.Lines.Select((line, i) => new RecentLine(line.Id, [.. bySteps.Select(snapshot => snapshot?.Lines.ElementAtOrDefault(i)?.FlowPerMinute)]))]),
            RecentJson.Default.RecentView);
    }

    /// <summary>Forgets all: the site does not list the space any more.</summary>
    public void Clear() => _steps.Clear();

    private static bool HasSameRows(SpaceSnapshot a, SpaceSnapshot b) =>
        a.Zones.Select(zone => zone.Id).SequenceEqual(b.Zones.Select(zone => zone.Id)) && a.Lines.Select(line => line.Id).SequenceEqual(b.Lines.Select(line => line.Id));

    private static SpaceSnapshot Lean(SpaceSnapshot snapshot) => snapshot with { BarrierLines = [], Alarms = AlarmSummary.Of([]), Thresholds = [], Reasons = [] };
}

/// <summary>The last two hours of a space.</summary>
/// <param name="StepSeconds">Length of a step.</param>
/// <param name="From">Instant at which the first step begins; null where there is none.</param>
/// <param name="People">People by step.</param>
/// <param name="Zones">Density by zone and step.</param>
/// <param name="Lines">Flow by line and step.</param>
internal sealed record RecentView(int StepSeconds, DateTimeOffset? From, IReadOnlyList<int?> People, IReadOnlyList<RecentZone> Zones, IReadOnlyList<RecentLine> Lines);

/// <summary>Density of one zone by step.</summary>
/// <param name="Id">Zone id.</param>
/// <param name="Density">People per m²; null where unknown.</param>
internal sealed record RecentZone(string Id, IReadOnlyList<double?> Density);

/// <summary>Flow over one line by step.</summary>
/// <param name="Id">Line id.</param>
/// <param name="FlowPerMinute">People per minute, both directions; null where unknown.</param>
internal sealed record RecentLine(string Id, IReadOnlyList<double?> FlowPerMinute);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecentView))]
internal sealed partial class RecentJson : JsonSerializerContext;
