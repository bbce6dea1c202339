using System.Globalization;

namespace Monitoring.Domain.Alarms;

/// <summary>An alert threshold of a space: when an alarm is raised, and when it returns.</summary>
/// <param name="Rule">The rule, one of <see cref="AlarmRule"/>.</param>
/// <param name="Subject">Zone or line it is for; null for each of the space.</param>
/// <param name="On">Value at and over which the time to raise runs, over 0.</param>
/// <param name="Off">Value under which the time to return runs, under <paramref name="On"/>.</param>
/// <param name="OnFor">How long the value must hold before the alarm is raised, 0 to 1 h of event time.</param>
/// <param name="OffFor">How long the value must hold before the alarm returns, 0 to 1 h of event time.</param>
/// <param name="Priority">1 (act now) to 4 (know of it).</param>
public sealed record Threshold(string Rule, string? Subject, double On, double Off, TimeSpan OnFor, TimeSpan OffFor, int Priority);

/// <summary>The rules: what is compared with a threshold.</summary>
public static class AlarmRule
{
    /// <summary>People per square metre of a zone.</summary>
    public const string Density = "density";

    /// <summary>People per minute and metre of width over a line, both directions together.</summary>
    public const string Flow = "flow";

    /// <summary>Unit of a rule's values, for people.</summary>
    /// <param name="rule">The rule.</param>
    public static string UnitOf(string rule) => rule == Density ? "people/m²" : "people/min/m";

    /// <summary>A value of a rule as people read it: two digits of a density, one of a flow.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="value">The value, without its unit.</param>
    public static string Write(string rule, double value) => value.ToString(rule == Density ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    /// <summary>Off level where none is given: hysteresis keeps a noisy count from flapping (docs/reference/alarms.md has the measurement).</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="on">The on level.</param>
    public static double DefaultOff(string rule, double on) => rule == Density ? Math.Max(0, on - 0.3) : 0.8 * on;

    /// <summary>Priority where none is given: too dense is a danger to life, a strong flow announces one.</summary>
    /// <param name="rule">The rule.</param>
    public static int DefaultPriority(string rule) => rule == Density ? 1 : 2;

    /// <summary>Whether a rule compares counts of people: its alarms are for operators and supervisors only.</summary>
    /// <param name="rule">The rule.</param>
    public static bool ComparesCounts(string rule) => rule is Density or Flow;
}
