using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Monitoring.Domain.Alarms;
using Monitoring.Gateway.Equipment;
using Monitoring.Gateway.Intake;
using Monitoring.Gateway.Spaces;

namespace Monitoring.Gateway;

/// <summary>How the gateway is, for health checks and the start message.</summary>
public sealed class GatewayHealth
{
    private readonly IngestJournal _journal;
    private readonly Dispatcher _dispatcher;
    private readonly EquipmentListener _listener;
    private readonly SiteFollower _site;
    private readonly GatewayLink _link;
    private readonly TlsFiles _tls;
    private readonly IntakeConditions _conditions;
    // Asked for late: the server's own options need this object.
    private readonly Func<IServer> _server;
    private readonly IHostApplicationLifetime _lifetime;

    internal GatewayHealth(IngestJournal journal, Dispatcher dispatcher, EquipmentListener listener, SiteFollower site, GatewayLink link, TlsFiles tls, IntakeConditions conditions, Func<IServer> server, IHostApplicationLifetime lifetime) =>
        (_journal, _dispatcher, _listener, _site, _link, _tls, _conditions, _server, _lifetime) = (journal, dispatcher, listener, site, link, tls, conditions, server, lifetime);

    /// <summary>Whether equipment can sign in and its messages can be kept.</summary>
    public bool IsReady => NotReadyBecause is null;

    /// <summary>What it waits for, for people; null where it is ready.</summary>
    public string? NotReadyBecause =>
        !IsListening ? "the MQTT port is not open"
        : _site.Admitting is null ? "no site is in force yet"
        : !_link.IsClockKnown ? "the silo has not told the replay clock yet"
        : JournalFault;

    /// <summary>What a person should see to although it works, for people. Rules are named, without device and figure: whoever asks for health has not signed in, and ages and fill follow passages.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _tls.Warning is { } warning ? [warning] : Array.Empty<string>(),
        .. _conditions.Last.Where(condition => condition.Rule != IntakeRule.MessageRate).Select(condition => $"the alarm {condition.Rule} holds: see the list of alarms"),
    ];

    /// <summary>Whether the MQTT port is open. Not whether the whole host has started: while the silo is away, equipment is served all the same.</summary>
    public bool IsListening => Endpoint is { IPEndPoint.Port: var port } && IsBound(port) && (TlsEndpoint is not { IPEndPoint.Port: var tls } || IsBound(tls)) && !_lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>TCP port of MQTT once it is open; null where none was configured.</summary>
    public int? MqttPort => Endpoint?.IPEndPoint?.Port;

    /// <summary>TCP port of MQTT over TLS once it is open; null where none was configured.</summary>
    public int? MqttsPort => TlsEndpoint?.IPEndPoint?.Port;

    /// <summary>Version of the site in force; null where none is known yet.</summary>
    public int? SiteVersion => _site.Current?.Version;

    /// <summary>What is wrong with the journal; null where nothing is.</summary>
    public string? JournalFault => _journal.Fault;

    /// <summary>Open MQTT connections.</summary>
    public int Connections => _listener.Open;

    /// <summary>Journaled messages in memory on their way to their spaces.</summary>
    public int Pending => _dispatcher.Pending;

    /// <summary>Spaces whose messages wait in the journal: their silo is away or slow.</summary>
    public int LanesBehind => _dispatcher.LanesBehind;

    internal ListenOptions? Endpoint { get; set; }

    internal ListenOptions? TlsEndpoint { get; set; }

    private bool IsBound(int port) =>
        _server().Features.Get<IServerAddressesFeature>()?.Addresses.Any(address => BindingAddress.Parse(address).Port == port) == true;
}
