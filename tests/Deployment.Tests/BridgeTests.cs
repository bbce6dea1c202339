using System.Diagnostics;
using System.Text.RegularExpressions;
using Monitoring.Harness;

namespace Monitoring.Deployment.Tests;

/// <summary>The optional broker with the files that it is given, as a process of Debian's mosquitto in front of a real hub; only ports and paths are other ones.</summary>
public sealed partial class BridgeTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);
    private static readonly string[] Programs = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];

    private readonly TemporaryFolder _folder = new();
    private Process? _broker;

    [Fact]
    public async Task It_hands_on_what_equipment_sends_also_after_the_hub_was_away_and_lets_nobody_else_in()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var site = _folder.Write("site.yaml", FixtureSites.Square(1, 60).Replace("- name: square", "- name: bridge", StringComparison.Ordinal));
        await using var hub = await HubUnderTest.StartSiteAsync(_folder.File("data"), site, cancellation);
        var made = await ShellScript.RunAsync(DeployFiles.At("secrets.sh"), [_folder.File("secrets")], cancellation);
        Assert.True(made.ExitCode == 0, made.Output);
        var bridge = await File.ReadAllTextAsync(_folder.File("secrets/mosquitto_bridge.conf"), cancellation);
        var given = await HubCommand.RunAsync(["connections", "secret", "bridge", "--data", _folder.File("data"), "--stdin"], cancellation, input: Secret().Match(bridge).Groups[1].Value + "\n");
        Assert.True(given.ExitCode == 0, given.Errors);
        var users = await AddUserAsync("counter", "its own", cancellation);
        var port = Ports.TakeFree().Mqtt;
        Start(port, users, bridge.Replace("127.0.0.1:1883", $"127.0.0.1:{hub.Ports.Mqtt}", StringComparison.Ordinal));
        await Waiting.UntilAsync("mosquitto lets equipment in", async () => await TryAsync(port, "counter", "its own", cancellation) is null, Soon, cancellation);

        // Neither without a password, nor with the bridge's own, which belongs to the hub.
        Assert.NotNull(await TryAsync(port, "counter", "a guess", cancellation));
        Assert.NotNull(await TryAsync(port, "bridge", Secret().Match(bridge).Groups[1].Value, cancellation));

        using var watching = await hub.OperatorAsync(cancellation);
        await using var counter = await Publisher.ConnectAsync(port, "counter", "its own", cancellation);
        await counter.CountAsync(1, 3, 1, cancellation);
        await Waiting.UntilAsync("the hub has counted what came over the bridge", async () => await watching.SpaceAsync("square", cancellation) is { Lines: [{ Day: { In: 3, Out: 1 } }] }, Soon, cancellation);

        await hub.KillAsync();
        await counter.CountAsync(1, 5, 0, cancellation);
        await hub.StartAgainAsync(cancellation);
        await Waiting.UntilAsync("the hub has counted what mosquitto kept meanwhile", async () => await watching.SpaceAsync("square", cancellation) is { Lines: [{ Day: { In: 8, Out: 1 } }] }, Soon, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is { } broker)
        {
            if (!broker.HasExited)
                broker.Kill();
            await broker.WaitForExitAsync(CancellationToken.None);
            broker.Dispose();
        }

        _folder.Dispose();
    }

    private static async Task<Exception?> TryAsync(int port, string user, string secret, CancellationToken cancellation)
    {
        try
        {
            await using var publisher = await Publisher.ConnectAsync(port, user, secret, cancellation);
            return null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return fault;
        }
    }

    private async Task<string> AddUserAsync(string user, string password, CancellationToken cancellation)
    {
        // The file of secrets.sh lets nobody in; a user is added as deploy/README.md says.
        var file = _folder.File("secrets/mosquitto_passwords");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var added = await ShellScript.RunProgramAsync("mosquitto_passwd", ["-b", file, user, password], _folder.Path, cancellation);
        Assert.True(added.ExitCode == 0, added.Output);
        return file;
    }

    private void Start(int port, string users, string bridge)
    {
        Directory.CreateDirectory(_folder.File("bridge"));
        Directory.CreateDirectory(_folder.File("kept"));
        _folder.Write("bridge/bridge.conf", bridge);
        var configuration = _folder.Write("mosquitto.conf", File.ReadAllText(DeployFiles.At("mosquitto", "mosquitto.conf"))
            .Replace("listener 1884", $"listener {port} 127.0.0.1", StringComparison.Ordinal)
            .Replace("/run/secrets/mosquitto_passwords", users, StringComparison.Ordinal)
            .Replace("/mosquitto/data/", _folder.File("kept") + "/", StringComparison.Ordinal)
            .Replace("/mosquitto/config/bridge", _folder.File("bridge"), StringComparison.Ordinal)
            // Started as root it would become a user who may not enter the folder; the image starts it as its own user.
            + $"user {Environment.UserName}\n");
        var program = Array.Find(Programs, File.Exists) ?? throw new FileNotFoundException("mosquitto is not installed: ./test --install does it");
        _broker = Process.Start(new ProcessStartInfo(program, ["-c", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

        // What it says stands beside a test that failed, and nowhere else.
        var output = TestContext.Current.TestOutputHelper;
        _broker.OutputDataReceived += (_, line) => output?.WriteLine(line.Data ?? "");
        _broker.ErrorDataReceived += (_, line) => output?.WriteLine(line.Data ?? "");
        _broker.BeginOutputReadLine();
        _broker.BeginErrorReadLine();
    }

    [GeneratedRegex("^remote_password ([0-9a-f]{64})$", RegexOptions.Multiline)]
    private static partial Regex Secret();
}
