using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Monitoring.Simulator.Intake;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Monitoring.Simulator.Tests;

/// <summary>What a hub looks like from outside: an MQTT listener that answers as told, and POST /api/clock. It can be killed and started again.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Token = "token-of-an-admin";

    private readonly int _mqttPort = FreePort();
    private readonly int _httpPort = FreePort();
    private MqttServer? _mqtt;
    private HttpListener? _http;

    public MqttEndpoint Mqtt => new("127.0.0.1", _mqttPort);

    public Uri Api => new($"http://127.0.0.1:{_httpPort}");

    /// <summary>Accepted messages in order, by user.</summary>
    public ConcurrentQueue<(string User, string Topic, string Text)> Accepted { get; } = [];

    /// <summary>Instants to which the clock was moved, in order.</summary>
    public ConcurrentQueue<DateTimeOffset> Clock { get; } = [];

    /// <summary>Decides on a sign-in.</summary>
    public Func<string, string, bool> LetsIn { get; set; } = (_, _) => true;

    /// <summary>Decides on a message.</summary>
    public Func<string, MqttPubAckReasonCode> Answers { get; set; } = _ => MqttPubAckReasonCode.Success;

    /// <summary>Decides on a move of the clock.</summary>
    public Func<DateTimeOffset, HttpStatusCode> AnswersClock { get; set; } = _ => HttpStatusCode.OK;

    public static async Task<FakeHub> StartedAsync()
    {
        var hub = new FakeHub();
        await hub.StartAsync();
        return hub;
    }

    public async Task StartAsync()
    {
        _mqtt = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(_mqttPort).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).Build());
        _mqtt.ValidatingConnectionAsync += e =>
        {
            e.SessionItems["user"] = e.UserName;
            e.ReasonCode = LetsIn(e.UserName, e.Password) ? MqttConnectReasonCode.Success : MqttConnectReasonCode.BadUserNameOrPassword;
            return Task.CompletedTask;
        };
        _mqtt.InterceptingPublishAsync += e =>
        {
            e.ProcessPublish = false;
            e.Response.ReasonCode = Answers(e.ApplicationMessage.Topic);
            if (e.Response.ReasonCode == MqttPubAckReasonCode.Success)
                Accepted.Enqueue(((string)e.SessionItems["user"]!, e.ApplicationMessage.Topic, Encoding.UTF8.GetString(e.ApplicationMessage.Payload)));
            return Task.CompletedTask;
        };
        await _mqtt.StartAsync();
        _http = new HttpListener();
        _http.Prefixes.Add(Api.ToString());
        _http.Start();
        _ = ServeAsync(_http);
    }

    public async Task KillAsync()
    {
        _http!.Abort();
        await _mqtt!.StopAsync();
        _mqtt!.Dispose();
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task ServeAsync(HttpListener listener)
    {
        try
        {
            while (true)
                await AnswerAsync(await listener.GetContextAsync());
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Killed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.InputStream);
        var to = body.RootElement.GetProperty("to").GetDateTimeOffset();
        var status = context.Request.Headers["Authorization"] != $"Bearer {Token}" ? HttpStatusCode.Unauthorized
            : context.Request.Url!.AbsolutePath != "/api/clock" || context.Request.HttpMethod != "POST" ? HttpStatusCode.NotFound
            : AnswersClock(to);
        if (status == HttpStatusCode.OK)
            Clock.Enqueue(to);
        context.Response.StatusCode = (int)status;
        context.Response.Close();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
