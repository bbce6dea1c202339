using Monitoring.Domain;
using Monitoring.Gateway.Spaces;
using MQTTnet.Server;

namespace Monitoring.Gateway.Equipment;

/// <summary>Runs MQTTnet's server behind the listener, watches silence, and closes in good order.</summary>
internal sealed class EquipmentDoor : BackgroundService
{
    /// <summary>Time for answers at the stop; what is not answered by then is sent again by its sender.</summary>
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);

    private readonly EquipmentListener _listener;
    private readonly SiteFollower _site;
    private readonly TlsFiles _tls;
    private readonly HubClock _clock;
    private readonly MqttServer _server;
    private readonly CancellationTokenRegistration _onStopping;
    private Task? _ending;

    public EquipmentDoor(EquipmentListener listener, SiteFollower site, TlsFiles tls, HubClock clock, IHostApplicationLifetime lifetime)
    {
        (_listener, _site, _tls, _clock) = (listener, site, tls, clock);
        var options = new MqttServerOptions { EnablePersistentSessions = false, DefaultCommunicationTimeout = TimeSpan.FromSeconds(5) };
        _server = new MqttServerFactory().CreateMqttServer(options, [listener]);
        _server.ValidatingConnectionAsync += ValidateAsync;
        _server.InterceptingPublishAsync += IgnoreAsync;
        _onStopping = lifetime.ApplicationStopping.Register(() => _ending = EndAllAsync());
        site.Changed += listener.EndUnlisted;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync();
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await (_ending ??= EndAllAsync());
        await base.StopAsync(cancellationToken);
        if (_server.IsStarted)
            await _server.StopAsync(new MqttServerStopOptions());
    }

    public override void Dispose()
    {
        _site.Changed -= _listener.EndUnlisted;
        _onStopping.Dispose();
        _server.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WatchEvery, _clock.Wall);
        do
        {
            _listener.EndSilent();
            _tls.Watch();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static Task ValidateAsync(ValidatingConnectionEventArgs sign)
    {
        var verdict = ((EquipmentChannel)sign.ChannelAdapter).Verdict!;
        (sign.ReasonCode, sign.ReasonString) = (verdict.Code, verdict.Text);
        return Task.CompletedTask;
    }

    // Messages never come here: their channel takes them. Should one, it goes nowhere.
    private static Task IgnoreAsync(InterceptingPublishEventArgs message)
    {
        message.ProcessPublish = false;
        return Task.CompletedTask;
    }

    private async Task EndAllAsync()
    {
        using var patience = new CancellationTokenSource(FarewellMax, _clock.Wall);
        await _listener.EndAllAsync(patience.Token);
    }
}
