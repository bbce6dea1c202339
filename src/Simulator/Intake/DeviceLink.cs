using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Monitoring.Domain.Spaces;

namespace Monitoring.Simulator.Intake;

/// <summary>One MQTT principal of the simulated city: keeps what it has to say until the hub has accepted it.</summary>
/// <remarks>At most <see cref="WaitingMax"/> messages wait; beyond that the oldest go and are counted, as in a real device's memory.</remarks>
internal sealed class DeviceLink
{
    /// <summary>Most messages that wait for a hub that is away.</summary>
    public const int WaitingMax = 5_000;

    private static readonly OutgoingMessage HangUpNow = new("", []);

    private readonly Connection _connection;
    private readonly MqttLink _link;
    private readonly Backoff _backoff;
    private readonly TimeProvider _time;
    private readonly SimulatorMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Channel<OutgoingMessage> _waiting;
    private bool _connected;

    public DeviceLink(Connection connection, MqttLink link, Backoff backoff, TimeProvider time, SimulatorMetrics metrics, ILogger logger)
    {
        (_connection, _link, _backoff, _time, _metrics, _logger) = (connection, link, backoff, time, metrics, logger);
        _waiting = Channel.CreateBounded<OutgoingMessage>(
            new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => metrics.Dropped());
    }

    /// <summary>Its name, which is its MQTT user name.</summary>
    public string Name => _connection.Name;

    /// <summary>Topics on which it speaks.</summary>
    public IReadOnlyList<string> Topics => _connection.Topics;

    /// <summary>Puts a message in line.</summary>
    /// <param name="message">The message.</param>
    public void Send(OutgoingMessage message) => _waiting.Writer.TryWrite(message);

    /// <summary>Ends the MQTT connection once what is in line has been sent; the next message makes a new one.</summary>
    public void HangUp() => _waiting.Writer.TryWrite(HangUpNow);

    /// <summary>Sends what is in line, one at a time, over as many connections as it takes.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var link = _link;
        await foreach (var message in _waiting.Reader.ReadAllAsync(cancellation))
        {
            if (message == HangUpNow)
            {
                await _link.DropAsync();
                continue;
            }

            while (!await TrySendAsync(message, cancellation))
                await Task.Delay(_backoff.Next(), _time, cancellation);
            _backoff.Reset();
        }
    }

    private async Task<bool> TrySendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        try
        {
            await _link.ConnectAsync(cancellation);
            var fate = await _link.PublishAsync(message, cancellation);
            if (!_connected)
                _logger.LinkUp(_connection.Name);
            _connected = true;
            return Settled(message, fate);
        }
        catch (Exception away) when (away is LinkLostException or LinkRefusedException)
        {
            if (_connected)
                _logger.LinkDown(_connection.Name, away.Message);
            else
                _logger.LinkAway(_connection.Name, away.Message);
            _connected = false;
            await _link.DropAsync();
            return false;
        }
    }

    private bool Settled(OutgoingMessage message, PublishFate fate)
    {
        switch (fate.Answer)
        {
            case PublishAnswer.Later:
                return false;
            case PublishAnswer.Refused:
                _metrics.Refused();
                _logger.MessageRefused(_connection.Name, message.Topic, fate.Reason);
                return true;
            default:
                _metrics.Published();
                return true;
        }
    }
}
