using System.CommandLine;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Intake;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.Intake;

/// <summary>SIGKILL with a long journal: time until the hub is ready again, and until everything in the journal is applied and saved.</summary>
internal static class RestartBenchmark
{
    private const int RowsPerInsert = 4_096;

    private static readonly TimeSpan Each = TimeSpan.FromMilliseconds(10);

    public static Command Command()
    {
        var records = new Option<int>("--records") { Description = "Messages in the journal", DefaultValueFactory = _ => 1_000_000 };
        var spaces = new Option<int>("--spaces") { Description = "Spaces of 10 devices each", DefaultValueFactory = _ => 100 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds", DefaultValueFactory = _ => 3 };
        var command = new Command("restart", "Ready again after SIGKILL with a long journal") { records, spaces, rounds };
        command.SetAction((parsed, cancellation) => RunAsync(new GeneratedSite(parsed.GetValue(spaces), 10, PerDevice: false), parsed.GetValue(records), parsed.GetValue(rounds), cancellation));
        return command;
    }

    private static async Task RunAsync(GeneratedSite site, int records, int rounds, CancellationToken cancellation)
    {
        var report = new Report(FormattableString.Invariant($"Restart after SIGKILL: {site.Spaces * site.DevicesPerSpace:#,0} devices, {records:#,0} messages in the journal"), "what", "rounds", "s: median (range)");
        var (fresh, ready, applied) = (new List<double>(), new List<double>(), new List<double>());
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        await using var hub = await HubUnderTest.StartSiteAsync(data, folder.Write("site.yaml", site.ToYaml()), cancellation);
        using var watching = await hub.OperatorAsync(cancellation);
        var from = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(20);
        for (var round = 1; round <= rounds; round++)
        {
            await hub.StopAsync(cancellation);
            from = Fill(data, site, records, from);
            await hub.StartAgainAsync(cancellation);
            fresh.Add(hub.ReadyAfter.TotalSeconds);

            // Killed as soon as it is ready: most of the journal is still to be applied, and some of it was, and was not saved.
            await hub.KillAsync();
            var left = Left(data);
            var began = Stopwatch.GetTimestamp();
            await hub.StartAgainAsync(cancellation);
            ready.Add(hub.ReadyAfter.TotalSeconds);
            while (Left(data) > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation);
            applied.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            Report.Progress($"round {round}: {left:#,0} left at the kill, ready after {ready[^1]:0.0} s, all applied and saved after {applied[^1]:0.0} s");
        }

        report.Add("first start on the journal, to ready", $"{rounds}", Report.Spread(fresh, "0.0"));
        report.Add("start after SIGKILL, to ready", $"{rounds}", Report.Spread(ready, "0.0"));
        report.Add("the same start, until every message is applied, saved and deleted", $"{rounds}", Report.Spread(applied, "0.0"));
        report.Write(await CheckAsync(site, watching, (long)records * rounds, cancellation));
    }

    /// <summary>Writes messages into the journal of a hub that is down, as if it had accepted them.</summary>
    /// <returns>Where their stamps end.</returns>
    private static DateTimeOffset Fill(string data, GeneratedSite site, int records, DateTimeOffset from)
    {
        using var journal = new SqliteJournalFile(Path.Combine(data, "gateway", "journal.db"), NullLogger.Instance);
        var offset = journal.HighWater;
        var devices = site.Spaces * site.DevicesPerSpace;
        var arrived = TimeProvider.System.GetUtcNow();
        foreach (var some in Enumerable.Range(0, records).Chunk(RowsPerInsert))
            journal.Insert([.. some.Select(i => Row(++offset, 1 + i % site.Spaces, 1 + i / site.Spaces % site.DevicesPerSpace, from + (Each * (i / devices)), arrived))]);
        return from + (Each * ((records / devices) + 1));
    }

    private static JournalRow Row(long offset, int space, int gate, DateTimeOffset from, DateTimeOffset arrived) => new(
        offset,
        $"space-{space}",
        new AcceptedMessage { DeviceId = $"counter-{space}-{gate}", Profile = "native/1", ArrivedAt = arrived, Time = from + Each, TimeFromDevice = true, Readings = [new CountReading(GeneratedSite.Channel, from + Each, 1, 0, from)] }.ToBytes(),
        arrived);

    private static long Left(string data)
    {
        using var journal = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "gateway", "journal.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
        journal.Open();
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(offset) - MIN(offset) + 1, 0) FROM rows";
        return (long)command.ExecuteScalar()!;
    }

    private static async Task<string> CheckAsync(GeneratedSite site, HttpClient watching, long expected, CancellationToken cancellation)
    {
        long counted = 0;
        for (var space = 1; space <= site.Spaces; space++)
            counted += (await watching.SpaceAsync($"space-{space}", cancellation)).Lines.Sum(line => line.Day.In + line.PreviousDay.In);
        return counted == expected
            ? FormattableString.Invariant($"Each of the {counted:#,0} messages is counted once.")
            : FormattableString.Invariant($"ATTENTION: {expected:#,0} messages were in the journal, {counted:#,0} are counted.");
    }
}
