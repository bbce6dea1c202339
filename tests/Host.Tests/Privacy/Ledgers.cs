using Monitoring.Privacy;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Terms, cells and instants of a square in Brussels with one counted gate.</summary>
internal static class Ledgers
{
    public const string Space = "square";

    public const string Series = "gate/in";

    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    public static ReleaseDay On(DateOnly date, string space = Space, ReleasePlan? plan = null, int version = 1, long epsilon = 1_000_000) => new ReleaseTerms(
        space, version, Zone, Epsilon.DayDefault,
        [new ReleaseGroup(ReleaseKind.Flow, new Epsilon(epsilon), Sensitivity.FlowDefault, plan ?? ReleasePlan.P60, new SeriesMap(new Series(Series, new StreamId($"{space}/counter-1"))), 100_000)]).On(date);

    public static List<SealedCell> Cells(this ReleaseDay day, int skip = 0, int take = int.MaxValue) =>
        [.. day.CellsOf(ReleaseKind.Flow).Skip(skip).Take(take).Select(cell => new SealedCell(Series, cell, 40, new CellCoverage(1, 1)))];

    /// <summary>Releases cells of a day, an instant after the end of the day.</summary>
    public static IReadOnlyList<Released> Fill(this ReleaseStore store, ReleaseDay day, int skip = 0, int take = int.MaxValue) => store.Release(day, day.Cells(skip, take), day.Day.To);

    public static IReadOnlyList<StoredRelease> All(this ReleaseStore store) => store.Published(0, DateTimeOffset.MaxValue.AddDays(-1), int.MaxValue);
}
