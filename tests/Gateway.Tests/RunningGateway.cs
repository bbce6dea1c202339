using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Gateway.Accounts;
using Monitoring.Gateway.Intake;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Monitoring.Gateway.Tests;

/// <summary>A gateway on a free port with its own folder, and a silo in memory.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    public const string Own = "equipment/c1/readings";

    private const string Yaml = """
        site: test
        name: Test
        spaces:
          - id: square
            name: Square
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            lines: [{ id: l, name: Line, widthM: 2, from: outside, to: z }]
            devices:
              - { id: c1, kind: counter, intervalSeconds: 60, channels: [{ name: gate, line: l }] }
          - id: park
            name: Park
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            lines: [{ id: l, name: Line, widthM: 2, from: outside, to: z }]
            devices:
              - { id: c2, kind: counter, intervalSeconds: 60, channels: [{ name: gate, line: l }] }
        connections:
          - { name: one, topics: [equipment/c1/readings] }
          - { name: two, topics: [equipment/c2/readings] }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private RunningGateway(WebApplication app, FakeSilo silo, string folder, bool ownsFolder) => (_app, Silo, Folder, _ownsFolder) = (app, silo, folder, ownsFolder);

    public FakeSilo Silo { get; }

    public string Folder { get; }

    public IReadOnlyDictionary<string, string> Secrets { get; private set; } = new Dictionary<string, string>();

    public GatewayHealth Health => _app.Services.GetRequiredService<GatewayHealth>();

    public FaultyJournalFile File => (FaultyJournalFile)_app.Services.GetRequiredService<IJournalFile>();

    public IngestJournal Journal => _app.Services.GetRequiredService<IngestJournal>();

    public Dispatcher Dispatcher => _app.Services.GetRequiredService<Dispatcher>();

    public JournalAge Age => _app.Services.GetRequiredService<JournalAge>();

    public IntakeCounters Counters => _app.Services.GetRequiredService<IntakeRecord>().Counters();

    public IReadOnlyList<RejectedMessage> Rejected => _app.Services.GetRequiredService<IntakeRecord>().Rejected();

    public IReadOnlyList<PendingDevice> Pending => _app.Services.GetRequiredService<PendingDevices>().List();

    public int Port => Health.MqttPort!.Value;

    public static VersionedSite Site(int version = 1, string yaml = Yaml) => new(version, new SiteDocument("site.yaml", yaml, new Dictionary<string, string>()));

    public static string NewFolder() => Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public static Task<RunningGateway> StartAsync(string? folder = null, FakeSilo? silo = null, params (string Key, string Value)[] settings) => StartAsync(TimeProvider.System, folder, silo, settings);

    public static Task<RunningGateway> StartAsync(TimeProvider wall, string? folder = null, FakeSilo? silo = null, params (string Key, string Value)[] settings) => StartAsync(ClockKind.Wall, wall, folder, silo, settings);

    public static async Task<RunningGateway> StartAsync(ClockKind kind, TimeProvider wall, string? folder = null, FakeSilo? silo = null, params (string Key, string Value)[] settings)
    {
        var path = folder ?? NewFolder();
        silo ??= new FakeSilo { Site = Site() };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Append(("Gateway:MqttPort", "0")).Select(entry => new KeyValuePair<string, string?>(entry.Item1, entry.Item2)));
        builder.Services.AddSingleton(new HubClock(kind, wall)).AddSingleton(silo.Grains());
        builder.Services.AddGateway(path);
        builder.Services.AddSingleton<IJournalFile>(_ => new FaultyJournalFile(new SqliteJournalFile(Path.Combine(path, "gateway", "journal.db"), NullLogger.Instance)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureMqtt());
        var gateway = new RunningGateway(builder.Build(), silo, path, folder is null);
        gateway.Secrets = gateway._app.Services.GetRequiredService<ConnectionSecrets>().Generate(["one", "two"]);
        await gateway._app.StartAsync();
        await Until(() => gateway.Health.IsReady || silo.Site is null, "the gateway to be ready");
        return gateway;
    }

    public static async Task Until(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    public MqttClientOptions Options(string user, MqttProtocolVersion version, string? secret = null) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", Port)
        .WithProtocolVersion(version)
        .WithClientId(user)
        .WithCredentials(user, secret ?? Secrets[user])
        .WithTimeout(Patience)
        .Build();

    public async Task<IMqttClient> ConnectAsync(string user, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(Options(user, version));
        return client;
    }

    public async Task<Socket> ConnectRawAsync(params byte[] bytes)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            if (bytes.Length > 0)
                await socket.SendAsync(bytes);
        }
        catch (SocketException ended) when (ended.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The other side may end it as fast as this: whoever waits for the end sees it.
        }

        return socket;
    }

    /// <summary>Waits until the other side has ended a connection: reading sees its end or a reset.</summary>
    public static async Task UntilClosedAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await socket.ReceiveAsync(new byte[1], patience.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }
    }

    public static string Count(int passages) => """{"readings":[{"channel":"gate","count":{"in":N,"out":0}}]}""".Replace("N", passages.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    public static Task<MqttClientPublishResult> PublishAsync(IMqttClient client, string topic, string body, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce) =>
        client.PublishStringAsync(topic, body, quality);

    public async Task StopAsync() => await _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }
}
