namespace Monitoring.Privacy.Tests;

/// <summary>Random choices of the property tests: plans, days, instants. They are chance for the tests, not noise.</summary>
internal static class Chances
{
    /// <summary>23, 24 and 25 hours in Brussels.</summary>
    public static readonly DateOnly[] Days = [new(2026, 3, 29), new(2026, 6, 1), new(2026, 10, 25)];

    [ThreadStatic]
    private static OperatingSystemRandom? _random;

    public static int Below(int n) => (int)(_random ??= new OperatingSystemRandom()).Below((ulong)n);

    public static T[] Shuffled<T>(IEnumerable<T> items)
    {
        T[] shuffled = [.. items];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    public static T Pick<T>(params IReadOnlyList<T> of) => of[Below(of.Count)];

    /// <summary>A plan with cells of a window somewhere in the day, and anything around it.</summary>
    public static ReleasePlan Plan(int window)
    {
        var from = Below(1440 - window + 1);
        var to = from + window * (1 + Below((1440 - from) / window));
        var spans = new List<PlanSpan>();
        if (from > 0)
            spans.Add(new PlanSpan(0, Below(2) == 0 ? null : Divisor(from)));
        spans.Add(new PlanSpan(from, to - from == window && Below(2) == 0 ? null : window));
        if (to < 1440)
            spans.Add(new PlanSpan(to, Below(2) == 0 ? null : Divisor(1440 - to)));
        return new ReleasePlan(spans);
    }

    public static DateTimeOffset Instant(CivilDay day) => day.From + TimeSpan.FromSeconds(Below((int)(day.To - day.From).TotalSeconds));

    private static int Divisor(int of)
    {
        var divisor = 1 + Below(of);
        while (of % divisor != 0)
            divisor++;
        return divisor;
    }
}
