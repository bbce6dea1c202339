using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Equipment;

namespace Monitoring.Simulator.Exercises;

/// <summary>The scenes of the pilot city, by name. Times are minutes since the start of the scene.</summary>
public static class Scenes
{
    /// <summary>Name of the scene that plays all others in turn.</summary>
    public const string Programme = "programme";

    // People stroll along the sea and stay a while; nothing else happens.
    private static readonly Scene QuietEvening = new("quiet-evening", Minutes(5), [Fill("nice-promenade", "centre", 0, 1.5, 2, 1.5, 0.55)], [], []);

    // Two markets fill slowly, in two waves; the one in Liège gets too dense for its narrow alleys.
    private static readonly Scene MarketDay = new(
        "market-day",
        Minutes(9),
        [
            Fill("liege-marche", "stalls", 0.5, 2.5, 2.5, 2.5, 2.5),
            Fill("liege-marche", "passage", 1, 2, 4, 1.5, 0.9),
            Fill("liege-saint-lambert", "place", 0, 3, 3, 2.5, 0.65),
            Fill("nice-saleya", "flowers", 0, 2, 1.5, 1.5, 0.95),
            Fill("nice-saleya", "flowers", 4, 1.5, 1.5, 1.5, 1.3),
            Fill("nice-saleya", "produce", 1, 2, 3, 2.5, 0.6),
        ],
        [],
        [
            Fault("liege-marche-bollard", FaultKind.StuckLowered, 1, 5),
            Fault("liege-counter-feronstree", FaultKind.DeadClock, 2, 5),
            Fault("nice-bollard-sea", FaultKind.BatteryRunsDown, 0, 9),
        ]);

    // Turin: the crowd comes to the neck between the churches faster than it leaves; then the way to the station opens. Nice: it walks through to the sea and back into town.
    private static readonly Scene MatchEgress = new(
        "match-egress",
        Minutes(13),
        [
            Fill("turin-san-carlo", "piazza", 0, 4, 3.5, 3, 0.75),
            Fill("turin-san-carlo", "churches", 2.5, 3, 3.5, 2.5, 4.6),
            Fill("turin-vittorio", "upper", 1, 4, 3, 4, 0.4),
            Fill("nice-massena", "promenade", 5, 3, 1.5, 3, 1.5),
            Fill("nice-massena", "place", 6, 3, 1, 2.5, 0.6),
        ],
        [
            Surge("turin-san-carlo", "piazza-churches", inward: true, 2.5, 0.5, 2.5, 0.5, 74),
            Surge("turin-san-carlo", "via-roma-south", inward: false, 7.5, 0.5, 3.5, 0.5, 74),
            Surge("nice-massena", "seafront", inward: true, 4.5, 0.5, 4, 0.5, 72),
        ],
        [
            Fault("turin-bollard-east", FaultKind.StuckMoving, 4, 5),
            Fault("nice-counter-rue", FaultKind.Silent, 2, 4),
        ]);

    // The cabinet that speaks for all of Murazzi is cut off, then sends late what it measured meanwhile.
    private static readonly Scene LinkLoss = new(
        "link-loss",
        Minutes(8),
        [Fill("turin-murazzi", "south-quay", 0, 2, 4, 2, 0.6)],
        [],
        [Fault("turin-murazzi-cabinet", FaultKind.LinkLost, 1, 5)]);

    private static readonly Scene[] All = [Scene.InTurn(Programme, QuietEvening, MarketDay, MatchEgress, LinkLoss, QuietEvening), QuietEvening, MarketDay, MatchEgress, LinkLoss];

    /// <summary>Names of all scenes.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(scene => scene.Name)];

    /// <summary>The scene of a name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static Scene Of(string name) => Array.Find(All, scene => scene.Name == name) ?? throw new ArgumentException($"There is no scene '{name}': use one of {string.Join(", ", Names)}.", nameof(name));

    private static ZoneFill Fill(string space, string zone, double from, double rise, double hold, double fall, double densityPerM2) => new(space, zone, Swell(from, rise, hold, fall), densityPerM2);

    private static LineSurge Surge(string space, string line, bool inward, double from, double rise, double hold, double fall, double perMinuteAndM) => new(space, line, inward, Swell(from, rise, hold, fall), perMinuteAndM);

    private static DeviceFault Fault(string subject, FaultKind kind, double from, double minutes) => new(subject, kind, Minutes(from), Minutes(minutes));

    private static Swell Swell(double from, double rise, double hold, double fall) => new(Minutes(from), Minutes(rise), Minutes(hold), Minutes(fall));

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
