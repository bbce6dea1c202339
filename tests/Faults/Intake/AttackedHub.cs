using System.Text.Json;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>A hub that is attacked while an honest device goes on, and what has to be true of it afterwards.</summary>
internal sealed class AttackedHub : IAsyncDisposable
{
    /// <summary>Resident memory that an attack may add. Each of the 8 connections can hold 1 MiB in Kestrel's buffer and a packet of 256 KiB; the rest is room for the collector, which gives memory back late.</summary>
    private const long GrowthMaxMb = 100;

    private const int AtOnce = 8, QuietMessages = 400, ThreadsMoreMax = 30, SocketsMoreMax = 4;

    /// <summary>All cases come from one device: the limit on its messages would answer them instead of what is tested here.</summary>
    private static readonly Dictionary<string, string> Unlimited = new() { ["MONITORING__Gateway__Intake__DeviceMessagesPerSecondMax"] = "1000000", ["MONITORING__Gateway__Intake__DeviceMessagesAtOnceMax"] = "1000000" };

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly HubUnderTest _hub;
    private readonly HttpClient _admin;
    private readonly HttpClient _operating;
    private readonly HonestDevice _honest;
    private (long Accepted, long Rejected) _countedBefore;
    private HubVitals? _before;
    private int _saidBefore;
    private long _peakMb;

    private AttackedHub(TemporaryFolder folder, HubUnderTest hub, string secret, HonestDevice honest, HttpClient operating) =>
        (_folder, _hub, Secret, _honest, _admin, _operating) = (folder, hub, secret, honest, hub.Client(), operating);

    /// <summary>Secret of the hostile connection.</summary>
    public string Secret { get; }

    public int Port => _hub.Ports.Mqtt;

    /// <summary>Starts it, and lets the honest device speak in quiet first.</summary>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="limited">Whether the limit on the messages of a device holds.</param>
    public static async Task<AttackedHub> StartAsync(CancellationToken cancellation, bool limited = false)
    {
        Say($"{TestContext.Current.TestMethod?.MethodName}, {RunSeed.Text}");
        var folder = new TemporaryFolder();
        var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", HostileSite.Yaml)], cancellation, environment: limited ? null : Unlimited);
        var secret = hub.Secret(HostileSite.Hostile);
        var honest = new HonestDevice(await Publisher.ConnectAsync(hub.Ports.Mqtt, HostileSite.Honest, hub.Secret(HostileSite.Honest), cancellation));
        var attacked = new AttackedHub(folder, hub, secret, honest, await hub.OperatorAsync(cancellation));
        await honest.SendAsync(QuietMessages / 2, cancellation);
        Say($"honest device in quiet:     {await honest.SendAsync(QuietMessages, cancellation)}");
        attacked._countedBefore = await attacked.CountersAsync(cancellation);
        (attacked._before, attacked._saidBefore) = (HubVitals.Of(hub.ProcessId), hub.Output.Length);
        return attacked;
    }

    /// <summary>Plays cases, several at once, while the honest device goes on.</summary>
    /// <returns>Messages of the honest device that were acknowledged meanwhile.</returns>
    public async Task<long> AttackAsync(int cases, Func<Chance, Task> play, CancellationToken cancellation)
    {
        var acknowledged = _honest.Acknowledged;
        var started = TimeProvider.System.GetTimestamp();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchMemoryAsync(done.Token);
        _honest.Start();
        await Parallel.ForEachAsync(Enumerable.Range(0, cases), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (number, _) =>
        {
            try
            {
                await play(new Chance(RunSeed.Value, number));
            }
            catch (Exception wrong) when (wrong is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Case {number}, {RunSeed.Text}: {wrong.InnerException?.Message}{Environment.NewLine}{wrong.Message}{Environment.NewLine}The hub said:{Environment.NewLine}{_hub.Output[_saidBefore..]}", wrong);
            }
        });
        var took = TimeProvider.System.GetElapsedTime(started);
        Say($"honest device under attack: {await _honest.StopAsync()}");
        await done.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Say($"{cases} {(cases == 1 ? "case" : "cases")} in {took.TotalSeconds:0.0} s, at most {AtOnce} at once");
        return _honest.Acknowledged - acknowledged;
    }

    /// <summary>Accepted and rejected messages since the attack began.</summary>
    public async Task<(long Accepted, long Rejected)> CountedAsync(CancellationToken cancellation)
    {
        var now = await CountersAsync(cancellation);
        return (now.Accepted - _countedBefore.Accepted, now.Rejected - _countedBefore.Rejected);
    }

    /// <summary>Waits for an alarm, and sees that it is the only one.</summary>
    public async Task OneAlarmAsync(string rule, string subject, CancellationToken cancellation)
    {
        await Waiting.UntilAsync($"an alarm {rule}", async () => (await _operating.AlarmsAsync(cancellation)).Count > 0, Soon, cancellation);
        Assert.Equal([(rule, subject)], (await _operating.AlarmsAsync(cancellation)).Select(alarm => (alarm.Rule, alarm.Subject)));
    }

    /// <summary>The process lives and is no larger, honest messages are counted once each, and nothing of a case stands in the log.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        await Waiting.UntilAsync("every honest message counted, once", async () => await CountedPeopleAsync(cancellation) == _honest.People, Soon, cancellation);
        await Waiting.UntilAsync("the connections of the attack closed", () => Task.FromResult(HubVitals.Of(_hub.ProcessId).Sockets <= _before!.Sockets + SocketsMoreMax), Soon, cancellation);
        await Waiting.UntilAsync("the threads of the attack ended", () => Task.FromResult(HubVitals.Of(_hub.ProcessId).Threads <= _before!.Threads + ThreadsMoreMax), Soon, cancellation);
        Say($"before: {_before}");
        Say($"after:  {HubVitals.Of(_hub.ProcessId)}, at most {_peakMb} MB");
        Assert.True(_peakMb <= _before!.ResidentMb + GrowthMaxMb, $"resident memory grew from {_before.ResidentMb} to {_peakMb} MB");
        CheckLog();
        await CheckRejectedListAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _honest.DisposeAsync();
        _admin.Dispose();
        _operating.Dispose();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    private void CheckLog()
    {
        foreach (var line in _hub.Output[_saidBefore..].Split(Environment.NewLine))
        {
            Assert.DoesNotContain(line, char.IsControl);
            Assert.DoesNotContain(HostileText.Mark, line, StringComparison.Ordinal);
            Assert.DoesNotMatch(" (fail|crit): |xception", line);
        }
    }

    // The list names topics, in plain characters; what a message or a sign-in said otherwise is not repeated.
    private async Task CheckRejectedListAsync(CancellationToken cancellation)
    {
        using var list = JsonDocument.Parse(await _admin.GetByteArrayAsync("api/intake/rejected", cancellation));
        Assert.NotEqual(0, list.RootElement.GetArrayLength());
        foreach (var rejected in list.RootElement.EnumerateArray())
        {
            Assert.DoesNotContain(rejected.GetProperty("topic").GetString()!, char.IsControl);
            Assert.Contains(rejected.GetProperty("connection").GetString(), new[] { "", HostileSite.Hostile, HostileSite.Honest });
            Assert.DoesNotContain(HostileText.Mark, rejected.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        }
    }

    private async Task<(long, long)> CountedPeopleAsync(CancellationToken cancellation)
    {
        var line = (await _operating.SpaceAsync(HostileSite.HonestSpace, cancellation)).Lines[0];
        return (line.Day.In + line.PreviousDay.In, line.Day.Out + line.PreviousDay.Out);
    }

    private async Task<(long Accepted, long Rejected)> CountersAsync(CancellationToken cancellation)
    {
        var intake = await _admin.IntakeAsync(cancellation);
        return (intake.GetProperty("accepted").GetInt64(), intake.GetProperty("rejected").GetInt64());
    }

    private async Task WatchMemoryAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            _peakMb = Math.Max(_peakMb, HubVitals.Of(_hub.ProcessId).ResidentMb);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation);
        }
    }

    // On the console as well: the results of a passed test keep its output to themselves.
    private static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
    }
}
