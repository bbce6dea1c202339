using Monitoring.Domain.Intake;
using Monitoring.Faults.Intake;

namespace Monitoring.Faults.Equipment;

/// <summary>A message of a workload, and what has to become of its one reading.</summary>
/// <param name="Body">Payload.</param>
/// <param name="At">Start of the interval or instant of the event: the local day in which it counts.</param>
/// <param name="End">End of the interval or instant of the event.</param>
/// <param name="In">Passages inward that it adds.</param>
/// <param name="Out">Passages outward that it adds.</param>
/// <param name="Fate">What becomes of it the first time; every further time it is a repeat.</param>
internal sealed record Telling(string Body, DateTimeOffset At, DateTimeOffset End, long In, long Out, SetAside Fate = SetAside.None)
{
    /// <summary>Whether its stamp is not believed, so that it counts on the day of its arrival.</summary>
    public bool AtArrival { get; init; }
}

/// <summary>One way in which a counter speaks.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="InFlight">Most messages without an answer.</param>
/// <param name="PerSecond">Pace; 0 for as fast as it goes.</param>
/// <param name="Say">Makes so many messages with stamps up to an instant.</param>
internal sealed record Workload(string Name, int InFlight, double PerSecond, Func<Chance, DateTimeOffset, int, IEnumerable<Telling>> Say);

/// <summary>The workloads. No two messages of a line carry the same numbers, so that a loss and a double cannot cancel.</summary>
internal static class Workloads
{
    private const int CountMax = 1_000_000, StepMax = 1_900;

    private static readonly TimeSpan Reach = TimeSpan.FromHours(20);

    /// <summary>Intervals one after the other, at a pace.</summary>
    public static Workload Paced(double perSecond) => new("paced", 4, perSecond, Intervals);

    /// <summary>Intervals as fast as they go: what a device kept while its link was away.</summary>
    public static Workload Burst { get; } = new("burst", 200, 0, Intervals);

    /// <summary>Every third message twice, the second time much later.</summary>
    public static Workload Repeats { get; } = new("repeats", 8, 0, (chance, newest, count) =>
    {
        var first = Intervals(chance, newest, count * 3 / 4).ToList();
        return first.SelectMany((telling, i) => i % 3 == 0 && i > 30 ? [telling, first[i - chance.Below(30)]] : new[] { telling });
    });

    /// <summary>Intervals in disorder.</summary>
    public static Workload Disorder { get; } = new("disorder", 8, 0, (chance, newest, count) =>
        Intervals(chance, newest, count).Chunk(40).SelectMany(some => some.OrderBy(_ => chance.Below(1_000)).ToList()));

    /// <summary>Numbered events, two at the same instant now and then.</summary>
    public static Workload Numbered { get; } = new("numbered", 8, 0, (chance, newest, count) =>
    {
        var values = new DistinctNumbers(chance, CountMax);
        return Enumerable.Range(0, count).Select(i =>
        {
            var at = newest - Reach + TimeSpan.FromTicks(Reach.Ticks / count * (i - i % 2));
            var (passagesIn, passagesOut) = values.Next();
            return new Telling(Text($$$"""{"time":"{{{at.UtcDateTime:O}}}","sequence":{{{i + 1}}},"readings":[{"channel":"gate","count":{"in":{{{passagesIn}}},"out":{{{passagesOut}}}}}]}"""), at, at, passagesIn, passagesOut);
        });
    });

    /// <summary>A counter that only grows, goes round at its modulus, or begins again at 0; in order, since each step is the difference to the one before.</summary>
    public static Workload Totals(long? modulus) => new(modulus is null ? "totals with resets" : "totals that wrap", 1, 0, (chance, newest, count) => TotalsOf(chance, newest, count, modulus));

    /// <summary>Stamps of two days back and minutes ahead, both believed.</summary>
    public static Workload LateAndEarly { get; } = new("late and early", 8, 0, (chance, newest, count) =>
        Intervals(chance, newest - TimeSpan.FromHours(24), count / 2).Concat(Intervals(chance, newest + TimeSpan.FromMinutes(4), Math.Max(1, count - (count / 2)), TimeSpan.FromMinutes(4))));

    /// <summary>Intervals over a day and a quarter, with two midnights in them.</summary>
    public static Workload Nights { get; } = new("two midnights", 8, 0, (chance, newest, count) => Intervals(chance, newest, count, TimeSpan.FromHours(30)));

    /// <summary>A clock that is days behind: dated at the arrival. At most 60, since no more stamps of a wrong clock are remembered.</summary>
    public static Workload WrongClock { get; } = new("wrong clock", 1, 0, (chance, newest, count) =>
        Intervals(chance, newest - TimeSpan.FromDays(30), Math.Min(count, 60)).Select(telling => telling with { AtArrival = true }));

    /// <summary>Intervals that end at an instant and follow each other without a gap.</summary>
    public static IEnumerable<Telling> Intervals(Chance chance, DateTimeOffset newest, int count) => Intervals(chance, newest, count, Reach);

    /// <summary>As <see cref="Intervals(Chance, DateTimeOffset, int)"/>, over a length.</summary>
    public static IEnumerable<Telling> Intervals(Chance chance, DateTimeOffset newest, int count, TimeSpan over)
    {
        var values = new DistinctNumbers(chance, CountMax);
        var each = TimeSpan.FromTicks(over.Ticks / count);
        for (var i = 0; i < count; i++)
        {
            var from = newest - (each * (count - i));
            var (passagesIn, passagesOut) = values.Next();
            yield return new Telling(Text($$$"""{"time":"{{{(from + each).UtcDateTime:O}}}","readings":[{"channel":"gate","count":{"in":{{{passagesIn}}},"out":{{{passagesOut}}},"from":"{{{from.UtcDateTime:O}}}"}}]}"""), from, from + each, passagesIn, passagesOut);
        }
    }

    private static IEnumerable<Telling> TotalsOf(Chance chance, DateTimeOffset newest, int count, long? modulus)
    {
        var each = TimeSpan.FromTicks(Reach.Ticks / count);
        var values = new DistinctNumbers(chance, StepMax);
        var (totalIn, totalOut) = (60_000L, 50_000L);
        for (var i = 0; i < count; i++)
        {
            var at = newest - (each * (count - 1 - i));
            var (stepIn, stepOut) = i == 0 ? (0, 0) : values.Next();

            // Only from where nobody can take the new value for a step.
            var isReset = modulus is null && Math.Min(totalIn, totalOut) > StepMax && i > 0 && chance.OneIn(25);
            (totalIn, totalOut) = isReset ? (stepIn, stepOut) : (totalIn + stepIn, totalOut + stepOut);
            if (modulus is { } m)
                (totalIn, totalOut) = (totalIn % m, totalOut % m);
            var tail = modulus is null ? "" : $",\"modulus\":{modulus}";
            var body = Text($$$"""{"time":"{{{at.UtcDateTime:O}}}","readings":[{"channel":"gate","total":{"in":{{{totalIn}}},"out":{{{totalOut}}}{{{tail}}}}}]}""");
            yield return i == 0 ? new Telling(body, at, at, 0, 0, SetAside.Baseline) : new Telling(body, at - each, at, stepIn, stepOut);
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
