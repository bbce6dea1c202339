using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Monitoring.Benchmarks.Intake;

/// <summary>One of <see cref="Servers"/> in a process of its own. It ends when its standard input does, so that none outlives the measurement.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string ReadyLine = "ready";

    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The hidden command that such a process runs.</summary>
    public static Command Command()
    {
        var kind = new Argument<string>("kind");
        var port = new Option<int>("--port");
        var data = new Option<string>("--data");
        var site = new Option<string>("--site");
        var delay = new Option<double>("--delay-ms");
        var command = new Command("serve", "A server to measure; started by the other commands") { kind, port, data, site, delay };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var server = await (parsed.GetValue(kind) switch
            {
                "bare" => Servers.StartBareAsync(parsed.GetValue(port)),
                "hub" => Servers.StartDelayedHubAsync(parsed.GetValue(port), parsed.GetRequiredValue(data), parsed.GetRequiredValue(site), TimeSpan.FromMilliseconds(parsed.GetValue(delay))),
                var other => throw new ArgumentException($"'{other}' is no server: bare or hub"),
            });
            await Console.Out.WriteLineAsync(ReadyLine);
            await Console.In.ReadToEndAsync(cancellation);
        });
        return command;
    }

    /// <summary>Starts one and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string kind, int port, string[] more, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServerProcess).Assembly.Location, "serve", kind, "--port", port.ToString(CultureInfo.InvariantCulture), .. more]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var server = new ServerProcess(Process.Start(start)!);
        while (await server._process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line == ReadyLine)
                return server;
        }

        throw new InvalidOperationException($"The server '{kind}' ended before it was ready.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
