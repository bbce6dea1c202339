using System.Diagnostics;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.Intake;

/// <summary>Debian's mosquitto without persistence, in a process of its own; what a durable hub is measured beside.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];

    private readonly Process _process;

    private Mosquitto(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts it on a loopback port; null where the machine does not have it.</summary>
    /// <param name="folder">Where its configuration is written.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<Mosquitto?> StartAsync(TemporaryFolder folder, int port, CancellationToken cancellation)
    {
        if (Array.Find(Programs, File.Exists) is not { } program)
            return null;

        // As many unacknowledged messages as the hub allows; nothing written, nothing queued: the fastest it can be.
        var configuration = folder.Write("mosquitto.conf", $"""
            listener {port} 127.0.0.1
            allow_anonymous true
            persistence false
            max_inflight_messages 0
            log_type error
            """);
        var broker = new Mosquitto(Process.Start(new ProcessStartInfo(program, ["-c", configuration]) { RedirectStandardError = true })!);
        await Waiting.UntilAsync("mosquitto listens", () => IsListeningAsync(port, cancellation), TimeSpan.FromSeconds(30), cancellation);
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsListeningAsync(int port, CancellationToken cancellation)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
