using System.Globalization;
using System.Security.Cryptography;

namespace Monitoring.Harness;

/// <summary>Where the chance of a run comes from, and how long the run is.</summary>
public static class RunSeed
{
    /// <summary>Environment variable that repeats a run.</summary>
    public const string Variable = "MONITORING_SEED";

    private const int OfShortForm = 20_261_123;

    /// <summary>Whether the long form is asked for (<c>./test --long</c>).</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("MONITORING_LONG") == "1";

    /// <summary>The seed: what the variable says; else always the same in the short form, and drawn in the long one.</summary>
    public static int Value { get; } = Read();

    /// <summary>A seed for the inputs of tests that must have no fixed one, those of the privacy catalogue: what the variable says; else drawn in each run, in the short form too.</summary>
    public static int Drawn { get; } = Given() ?? RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>How to repeat this run, for its output.</summary>
    public static string Text => TextOf(Value);

    /// <summary>The same for <see cref="Drawn"/>.</summary>
    public static string DrawnText => TextOf(Drawn);

    private static int? Given() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private static int Read() => Given() ?? (IsLong ? RandomNumberGenerator.GetInt32(int.MaxValue) : OfShortForm);

    private static string TextOf(int seed) => $"seed {seed} (repeat with {Variable}={seed})";
}
