using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Monitoring.Harness;

namespace Monitoring.Benchmarks.History;

/// <summary>Debian's InfluxDB 1.x on a folder that one process fills and another asks; ended by its id.</summary>
internal sealed class InfluxProcess : IAsyncDisposable
{
    private const string Program = "/usr/bin/influxd";
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan EndWithin = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private InfluxProcess(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>HTTP address.</summary>
    public Uri Url { get; }

    public int Id => _process.Id;

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or it ended.</exception>
    public static async Task<InfluxProcess> StartAsync(string folder, CancellationToken cancellation)
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException($"{Program} is missing: install Debian's influxdb, or name other stores with --store.");
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var configuration = Path.Combine(folder, "influxdb.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, port), cancellation);
        // What it says goes to a file: a pipe that nobody reads would hold it up.
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {Program} -config \"$0\" > \"$1\" 2>&1", configuration, Path.Combine(folder, "influxdb.log")]);
        var server = new InfluxProcess(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
        using var http = new HttpClient();
        await Waiting.UntilAsync("influxd answers", async () => server._process.HasExited
            ? throw new InvalidOperationException($"influxd ended with exit code {server._process.ExitCode}.")
            : (await http.GetAsync(new Uri(server.Url, "ping"), cancellation)).IsSuccessStatusCode, StartWithin, cancellation);
        return server;
    }

    /// <summary>Asks it to stop and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Signals.Send(_process.Id, Signals.Terminate);
        using var late = new CancellationTokenSource(EndWithin, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // The defaults of Debian, but that what was written is put into its final form within seconds and not hours: the file is measured soon after.
    private static string Configuration(string folder, int port) => $"""
        reporting-disabled = true
        bind-address = "127.0.0.1:0"
        [meta]
        dir = "{folder}/meta"
        logging-enabled = false
        [data]
        dir = "{folder}/data"
        wal-dir = "{folder}/wal"
        index-version = "tsi1"
        query-log-enabled = false
        cache-snapshot-write-cold-duration = "5s"
        compact-full-write-cold-duration = "10s"
        [monitor]
        store-enabled = false
        [subscriber]
        enabled = false
        [continuous_queries]
        enabled = false
        [logging]
        level = "warn"
        [http]
        bind-address = "127.0.0.1:{port}"
        log-enabled = false
        pprof-enabled = false
        """;
}
