using System.Text.RegularExpressions;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Reference;

/// <summary>docs/reference/metrics.md and the code name the same instruments.</summary>
public sealed partial class MetricsReferenceTests
{
    private static readonly IReadOnlySet<string> InCode = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(file => NamesIn(File.ReadAllText(file)))
        .ToHashSet();

    private static readonly IReadOnlySet<string> InPage = Row()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "metrics.md")))
        .Select(row => row.Groups[1].Value)
        .ToHashSet();

    [Fact]
    public void Every_instrument_is_described() => Assert.Empty(InCode.Except(InPage));

    [Fact]
    public void Nothing_is_described_that_is_not_there() => Assert.Empty(InPage.Except(InCode));

    [Fact]
    public void Instruments_were_found() => Assert.Contains("monitoring.intake.rejected", InCode);

    [Theory]
    [InlineData("Meter.CreateCounter<long>(\"monitoring.x.y\", \"s\")", "monitoring.x.y")]
    [InlineData("meter.CreateObservableGauge(\"monitoring.x.z\", read)", "monitoring.x.z")]
    [InlineData("Meter.CreateCounter<long>(Name)", "Meter.CreateCounter<long>(Name")]
    public void That_rule_sees_an_instrument(string code, string name) => Assert.Equal([name], NamesIn(code));

    // An instrument whose name is not written where it is made cannot be compared: it is reported as it stands.
    private static IEnumerable<string> NamesIn(string code) =>
        Made().Matches(code).Select(made => made.Groups[1].Success ? made.Groups[1].Value : made.Value);

    [GeneratedRegex("""\b\w*[mM]eter\.Create(?:Observable)?(?:Counter|Gauge|Histogram|UpDownCounter)(?:<\w+>)?\(\s*(?:"([^"]+)"|\w+)""")]
    private static partial Regex Made();

    [GeneratedRegex(@"^\| `(monitoring\.[a-z_.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
