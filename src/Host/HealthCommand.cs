using System.CommandLine;
using System.Text.Json;

namespace Monitoring.Host;

/// <summary><c>monitoring health</c>: asks the hub of a data folder whether it is ready, for images that bring no other program that could ask.</summary>
internal static class HealthCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder", DefaultValueFactory = _ => "data" };
        var command = new Command("health", "Ask the hub that runs on a data folder whether it is ready") { data };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(data), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string data, CancellationToken cancellation)
    {
        using var hub = RunningHub.Find(data);
        var answer = await hub.SendAsync(HttpMethod.Get, "/health/ready", null, cancellation);
        Console.Out.WriteLine(answer.GetProperty("status").GetString());
        foreach (var warning in answer.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array ? warnings.EnumerateArray() : [])
            Console.Out.WriteLine($"warning: {warning.GetString()}");
        return ExitCode.Fine;
    }
}
