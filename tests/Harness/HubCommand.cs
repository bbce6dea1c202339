using System.Diagnostics;

namespace Monitoring.Harness;

/// <summary>A command of the hub's program that was run to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record HubCommand(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a command; it is killed when the test ends first.</summary>
    /// <param name="arguments">Arguments.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="environment">Variables added to its environment.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="folder">Its current folder.</param>
    public static async Task<HubCommand> RunAsync(string[] arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null, string input = "", string? folder = null)
    {
        using var process = Start(arguments, environment, folder);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new HubCommand(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Starts a command; whoever starts it waits for it, or kills it.</summary>
    /// <param name="arguments">Arguments.</param>
    /// <param name="environment">Variables added to its environment.</param>
    /// <param name="folder">Its current folder.</param>
    public static Process Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.HubProgram, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? Path.GetTempPath() };
        ShortLife.Settle(start);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
