using System.Globalization;
using System.Text.Json;
using Monitoring.Harness;
using Monitoring.Simulator.Intake;

namespace Monitoring.Benchmarks.Intake;

/// <summary>A server that takes part in a comparison, and what was measured of it.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="MqttPort">Where it listens.</param>
/// <param name="DevicesFile">Principals that it knows, as <c>monitoring load</c> reads them.</param>
internal sealed record Contender(string Name, int ProcessId, int MqttPort, string DevicesFile)
{
    private static readonly TimeSpan QuietWithin = TimeSpan.FromMinutes(3);

    /// <summary>Results of this server's turns, and the processor time that each took in all, its warming up and what it did afterwards included.</summary>
    public List<(LoadResult Load, TimeSpan Processor)> Turns { get; } = [];

    /// <summary>Gives it a load and waits until it is idle again.</summary>
    /// <param name="connections">Connections.</param>
    /// <param name="inFlight">Unacknowledged messages of each.</param>
    /// <param name="rate">Messages per second in all; 0 for as fast as it takes them.</param>
    /// <param name="seconds">Seconds measured, after 2 s of warming up.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task TakeTurnAsync(int connections, int inFlight, double rate, double seconds, CancellationToken cancellation)
    {
        using var use = new ProcessUse(ProcessId);
        var before = use.Processor;
        var load = await HubCommand.RunAsync(
            ["load", "--mqtt", $"127.0.0.1:{MqttPort}", "--devices", DevicesFile, "--connections", $"{connections}", "--in-flight", $"{inFlight}", "--rate", Text(rate), "--seconds", Text(seconds), "--json"],
            cancellation);
        if (load.ExitCode != 0)
            throw new InvalidOperationException($"The load on '{Name}' ended with {load.ExitCode}: {load.Errors}");
        var result = JsonSerializer.Deserialize<LoadResult>(load.Output, JsonSerializerOptions.Web)!;
        var drained = await use.QuietAsync(QuietWithin, cancellation);
        Turns.Add((result, use.Processor - before));
        Report.Progress($"{connections} x {inFlight}, {Name}: {result.AckedPerSecond:0}/s, p99 {result.P99Ms:0.0} ms; idle {drained.TotalSeconds:0.0} s later, {use.ResidentMB:0} MB");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
