using System.Diagnostics;

namespace Monitoring.Deployment.Tests;

/// <summary>A script of <c>deploy/</c> that was run to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output, then standard error.</param>
internal sealed record ShellScript(int ExitCode, string Output)
{
    /// <summary>Runs it with bash; it is killed when the test ends first.</summary>
    public static Task<ShellScript> RunAsync(string script, string[] arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null) =>
        RunProgramAsync("bash", [script, .. arguments], Path.GetTempPath(), cancellation, environment);

    /// <summary>Runs any program.</summary>
    public static async Task<ShellScript> RunProgramAsync(string program, string[] arguments, string folder, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            return new ShellScript(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Whether a program is on the path.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
