using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Monitoring.Fleet;

/// <summary>One MQTT connection that sends its messages until each is acknowledged, over as many TCP connections as it takes.</summary>
internal sealed class FleetClient(FleetPlan plan, PlannedClient client, FleetLog log, TimeProvider time)
{
    /// <summary>An answer that takes longer does not come: the connection is half open, or the hub stands still.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<int> _done = [];
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private int _begun;

    /// <summary>Sends everything.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var left = client.Messages.ToList();
        while (left.Count > 0)
        {
            await SessionAsync(left, stop);
            stop.ThrowIfCancellationRequested();
            left.RemoveAll(message => _done.Contains(message.Number));
            if (left.Count > 0)
                await Task.Delay(TryAgainAfter, time, stop);
        }
    }

    private async Task SessionAsync(List<PlannedMessage> left, CancellationToken stop)
    {
        using var mqtt = new MqttClientFactory().CreateMqttClient();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var window = new SemaphoreSlim(client.InFlight);
        var sending = new List<Task>();
        try
        {
            var answer = await mqtt.ConnectAsync(Options(), stop);
            if (answer.ResultCode != MqttClientConnectResultCode.Success)
                return;
            foreach (var message in left)
            {
                await window.WaitAsync(ended.Token);
                await PaceAsync(ended.Token);
                sending.Add(SendAsync(mqtt, message, window, ended));
            }
        }
        catch (Exception lost) when (lost is OperationCanceledException || IsLost(lost))
        {
            // The next session goes on.
        }

        await Task.WhenAll(sending);
    }

    private async Task SendAsync(IMqttClient mqtt, PlannedMessage message, SemaphoreSlim window, CancellationTokenSource ended)
    {
        try
        {
            log.Tried(message.Number);

            // What is put off keeps its place, so that with one in flight the order stays.
            while (!IsSettled(message.Number, await mqtt.PublishAsync(Packet(message), ended.Token)))
                await Task.Delay(TryAgainAfter, time, ended.Token);
        }
        catch (Exception lost) when (lost is OperationCanceledException || IsLost(lost))
        {
            await ended.CancelAsync();
        }
        finally
        {
            window.Release();
        }
    }

    private bool IsSettled(int number, MqttClientPublishResult answer)
    {
        if (answer.ReasonCode == MqttClientPublishReasonCode.QuotaExceeded)
        {
            log.PutOff(number);
            return false;
        }

        if (answer.IsSuccess)
            log.Accepted(number);
        else
            log.Refused(number, $"{answer.ReasonCode} {answer.ReasonString}");
        lock (_lock)
            return _done.Add(number);
    }

    private async Task PaceAsync(CancellationToken ended)
    {
        var due = client.PerSecond > 0 ? TimeSpan.FromSeconds(_begun++ / client.PerSecond) : TimeSpan.Zero;
        if (due - time.GetElapsedTime(_began) is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, ended);
    }

    private MqttClientOptions Options() => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", plan.Port)
        .WithProtocolVersion(MqttProtocolVersion.V500)
        .WithClientId(client.Name)
        .WithCredentials(plan.User, plan.Secret)
        .WithCleanStart()
        .WithTimeout(AnswerWithin)
        .Build();

    private static MqttApplicationMessage Packet(PlannedMessage message) =>
        new MqttApplicationMessageBuilder().WithTopic(message.Topic).WithPayload(Encoding.UTF8.GetBytes(message.Body)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    private static bool IsLost(Exception fault) => fault is MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Exceptions.MqttProtocolViolationException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException;
}
