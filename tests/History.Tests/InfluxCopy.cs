using Microsoft.Extensions.Time.Testing;
using Monitoring.Harness;

namespace Monitoring.History.Tests;

/// <summary>The copy under test with its secrets in files.</summary>
internal sealed class InfluxCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InfluxCopy(string url, Action<InfluxOptions>? change = null, string analysis = InfluxSamples.Token, string operations = InfluxSamples.OtherToken)
    {
        AnalysisFile = _folder.Write("analysis", analysis + "\n");
        OperationsFile = _folder.Write("operations", operations + "\n");
        Options = new InfluxOptions { Url = url, AnalysisTokenFile = AnalysisFile, OperationsTokenFile = OperationsFile };
        change?.Invoke(Options);
        History = new InfluxHistory(Options, Time, Aside.Add);
    }

    public InfluxOptions Options { get; }

    public string AnalysisFile { get; }

    public string OperationsFile { get; }

    public FakeTimeProvider Time { get; } = new(InfluxSamples.Noon);

    public List<InfluxSetAside> Aside { get; } = [];

    public InfluxHistory History { get; }

    public Task AppendAsync(params IReadOnlyList<HistoryPoint> points) => History.AppendAsync(points, 1, TestContext.Current.CancellationToken);

    public Task AppendAsync(params IReadOnlyList<HealthPoint> points) => History.AppendAsync(points, TestContext.Current.CancellationToken);

    /// <summary>Does something that the server does not take now.</summary>
    /// <returns>What is said of it; no secret and no number is in it.</returns>
    public async Task<HistoryAwayException> AwayAsync(Func<Task> work)
    {
        var away = await Assert.ThrowsAsync<HistoryAwayException>(work);
        foreach (var secret in new[] { File.ReadAllText(AnalysisFile).Trim(), File.ReadAllText(OperationsFile).Trim(), InfluxSamples.Token, InfluxSamples.OtherToken })
            Assert.False(secret.Length > 0 && away.ToString().Contains(secret, StringComparison.Ordinal), "A secret is in what is said.");
        Assert.DoesNotContain("value=", away.ToString(), StringComparison.Ordinal);
        return away;
    }

    public void Dispose()
    {
        History.Dispose();
        _folder.Dispose();
    }
}
