using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.History;

/// <summary>What analysts ask of years of a large city, of one store after the other on the same rows.</summary>
/// <remarks>Each store is filled by one process and asked by another, so that memory is its own and nothing is left over from writing.</remarks>
internal static class HistoryBenchmark
{
    private const string Child = "history-store";

    public static Command Command()
    {
        var points = new Option<long>("--points") { Description = "Points in each store, about", DefaultValueFactory = _ => 20_000_000 };
        var spaces = new Option<int>("--spaces") { Description = "Spaces", DefaultValueFactory = _ => 200 };
        var rounds = new Option<int>("--rounds") { Description = "How often each question is asked", DefaultValueFactory = _ => 5 };
        var stores = new Option<string[]>("--store") { Description = "Stores", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. HistoryContender.All.Keys] };
        var command = new Command("history", "Released points: weekday and hour profile, one day, two events; time, memory, file") { points, spaces, rounds, stores };
        command.SetAction((parsed, cancellation) => RunAsync(GeneratedHistory.Of(parsed.GetValue(spaces), parsed.GetValue(points)), parsed.GetValue(rounds), parsed.GetValue(stores)!, cancellation));
        return command;
    }

    /// <summary>The part that runs in a process of its own.</summary>
    public static Command ChildCommand()
    {
        var (step, store, folder) = (new Argument<string>("step"), new Argument<string>("store"), new Argument<string>("folder"));
        var (spaces, days, rounds) = (new Argument<int>("spaces"), new Argument<int>("days"), new Argument<int>("rounds"));
        var command = new Command(Child, "Used by 'history'") { step, store, folder, spaces, days, rounds };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            var history = new GeneratedHistory(parsed.GetValue(spaces), parsed.GetValue(days));
            await using var contender = HistoryContender.All[parsed.GetValue(store)!](parsed.GetValue(folder)!);
            await contender.OpenAsync(cancellation);
            var taken = parsed.GetValue(step) == "fill" ? await HistorySteps.FillAsync(contender, history, cancellation) : await HistorySteps.AskAsync(contender, history, parsed.GetValue(rounds), cancellation);
            Console.WriteLine(JsonSerializer.Serialize(taken));
        });
        return command;
    }

    private static async Task RunAsync(GeneratedHistory history, int rounds, string[] stores, CancellationToken cancellation)
    {
        string[] questions = [.. HistorySteps.Questions(history).Select(question => $"{question.Name}, ms")];
        Dictionary<string, double>? first = null;
        var report = new Report($"History of {history.Points:#,0} points", ["store", "filling, s", "batch p50 / max, ms", "file, MB", "peak MB filling / asking", .. questions]);
        using var folder = new TemporaryFolder();
        foreach (var store in stores)
        {
            var place = Directory.CreateDirectory(folder.File(store)).FullName;
            var filled = await ChildAsync("fill", store, place, history, rounds, cancellation);
            // With influxd's own files; its log and settings are of no weight.
            var size = Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1e6;
            var asked = await ChildAsync("ask", store, place, history, rounds, cancellation);
            var batches = filled.Milliseconds["batch"];
            var medians = asked.Milliseconds.ToDictionary(question => question.Key, question => Median(question.Value));
            first ??= medians;
            report.Add([store, FormattableString.Invariant($"{batches.Sum() / 1000:0}"), FormattableString.Invariant($"{Median(batches):0} / {batches.Max():0}"), FormattableString.Invariant($"{size:0}"),
                FormattableString.Invariant($"{filled.PeakMB:0} / {asked.PeakMB:0}"), .. asked.Milliseconds.Select(question => FormattableString.Invariant($"{Report.Spread(question.Value, "#,0.0")} ×{medians[question.Key] / first[question.Key]:#,0.00}"))]);
            Directory.Delete(place, recursive: true);
        }

        report.Write(FormattableString.Invariant($"{history.Spaces} spaces of two series over {history.Days} days: quarter-hours, hours and days, written in batches of a day ({history.Spaces * GeneratedHistory.PerSpaceAndDay:#,0} points), each with its cursor in one durable transaction; influxd keeps no cursor and gets 5,000 lines at a time. Making the points is not counted, but is in the memory. Questions: median (range) of {rounds} and ×ratio of the median to that of {stores[0]}, in a new process, files in the page cache. Memory is the peak of the process with .NET itself, for influxd together with the server. InfluxQL cannot group by hour of the week: there the hours are fetched and added up by whoever asks."));
    }

    private static double Median(IEnumerable<double> values) => Report.Quantile([.. values.Order()], 0.5);

    private static async Task<HistoryTaken> ChildAsync(string step, string store, string folder, GeneratedHistory history, int rounds, CancellationToken cancellation)
    {
        Report.Progress($"{store}: {step}");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(HistoryBenchmark).Assembly.Location, Child, step, store, folder, $"{history.Spaces}", $"{history.Days}", $"{rounds}"]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{store}: {step} ended with exit code {process.ExitCode}: {output}");
        return JsonSerializer.Deserialize<HistoryTaken>(output)!;
    }
}

/// <summary>What a process measured.</summary>
/// <param name="PeakMB">Its largest resident memory, MB (10^6 bytes), with that of processes it needs.</param>
/// <param name="Milliseconds">Times by what was done.</param>
internal sealed record HistoryTaken(double PeakMB, Dictionary<string, List<double>> Milliseconds);
