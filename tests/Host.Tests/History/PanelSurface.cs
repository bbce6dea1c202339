using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>The numbers of a dashboard's panels: its own queries, with its variables substituted as Grafana does, on a real InfluxDB that the hub's copy filled.</summary>
internal sealed class PanelSurface(Func<string, Task<IReadOnlyList<InfluxRow>>> ask, string space, IReadOnlyCollection<string> series, DateTimeOffset from, DateTimeOffset to)
{
    private readonly DashboardPanels _panels = new(space, from, to);

    public async Task<List<Told>> FetchAsync()
    {
        var told = new List<Told>();
        foreach (var one in series)
        {
            var reasons = (await ask(_panels.Query("crowd-flow-history", "Why there is no number", one, "cell"))).ToDictionary(row => (long)row["time"]!, row => (string)row["reason"]!);
            told.AddRange((await ask(_panels.Query("crowd-flow-history", "Published numbers with their error", one, "cell"))).Select(row => Row(one, "cell", row, reasons)));
            told.AddRange((await ask(_panels.Query("crowd-flow-history", "Peaks: the 20 highest hours", one, "PT1H"))).Select(row => Told.Of(one, "PT1H", At(row), (long)row["number"]!, null, (long)row["err95"]!)));
        }

        return told;
    }

    private static Told Row(string series, string grid, InfluxRow row, Dictionary<long, string> reasons)
    {
        var (shown, reason) = ((long?)row["shown"], reasons.GetValueOrDefault((long)row["time"]!));
        Assert.True(shown is null == reason is not null, $"{series} {At(row):O} has {shown} and {reason}");
        return Told.Of(series, grid, At(row), shown, reason, (long?)row["high"] - shown);
    }

    private static DateTimeOffset At(InfluxRow row) => DateTimeOffset.FromUnixTimeMilliseconds((long)row["time"]!);
}
