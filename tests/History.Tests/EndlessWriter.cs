using System.Diagnostics;
using System.Globalization;

namespace Monitoring.History.Tests;

/// <summary>A process that appends until it is killed. Batch n writes point n, replaces point n - 1, and sets the cursor to n.</summary>
internal sealed class EndlessWriter : IDisposable
{
    public const string Word = "write-until-killed";

    private readonly Process _process;

    private EndlessWriter(Process process) => _process = process;

    /// <summary>What a batch writes.</summary>
    public static IReadOnlyList<HistoryPoint> Batch(int number) =>
        [.. Enumerable.Range(0, 50).Select(series => Sample.Cell(number, series: $"s{series}", value: number)), .. number == 1 ? [] : Enumerable.Range(0, 50).Select(series => Sample.Cell(number - 1, series: $"s{series}", value: number))];

    public static async Task<int> RunAsync(string folder)
    {
        using var history = new DuckDbHistory(folder, new HistoryOptions(), TimeProvider.System);
        var next = (int)(await history.CursorAsync(default))!.Value + 1;
        for (; ; next++)
        {
            await history.AppendAsync(Batch(next), next, default);
            Console.WriteLine(next);
        }
    }

    /// <summary>Starts it and waits for some batches.</summary>
    public static async Task<EndlessWriter> StartAsync(string folder, int batches, CancellationToken cancellation)
    {
        var writer = new EndlessWriter(Process.Start(new ProcessStartInfo("dotnet", [typeof(EndlessWriter).Assembly.Location, Word, folder]) { RedirectStandardOutput = true })!);
        for (var seen = 0; seen < batches; seen++)
            writer.Last = int.Parse(await writer._process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException($"The writer ended by itself after batch {writer.Last}."), CultureInfo.InvariantCulture);
        return writer;
    }

    /// <summary>The last batch of which it was heard that it is written.</summary>
    public int Last { get; private set; }

    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
