using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;
using Monitoring.Gateway.Accounts;
using Monitoring.Gateway.Equipment;
using Monitoring.Gateway.Intake;
using Monitoring.Gateway.Spaces;

namespace Monitoring.Gateway;

/// <summary>Registration of the gateway role.</summary>
public static class GatewayServices
{
    /// <summary>Name of the meter of its metrics.</summary>
    public const string MeterName = IntakeMetrics.MeterName;

    /// <summary>Adds the gateway. It needs <see cref="IGrainFactory"/> and <see cref="HubClock"/> from the host, and its MQTT endpoint by <see cref="ConfigureMqtt"/>.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="dataFolder">The hub's data folder; the gateway keeps its files in <c>gateway</c> below it.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, string dataFolder)
    {
        var folder = Path.Combine(dataFolder, "gateway");
        AddOptions(services);
        services.AddSingleton(new ConnectionSecrets(dataFolder)).AddSingleton<SiteHold>();
        services.AddSingleton<IJournalFile>(provider => new SqliteJournalFile(Path.Combine(folder, "journal.db"), provider.GetRequiredService<ILogger<IngestJournal>>()));
        services.AddSingleton(provider => new IngestJournal(
            provider.GetRequiredService<IJournalFile>(),
            provider.GetRequiredService<IOptions<JournalOptions>>().Value,
            provider.GetRequiredService<HubClock>(),
            provider.GetRequiredService<ILogger<IngestJournal>>()));
        services.AddSingleton(provider => new JournalAge(
            provider.GetRequiredService<IngestJournal>(),
            space => provider.GetRequiredService<SiteFollower>().Current?.ZoneOf(space) ?? TimeZoneInfo.Utc,
            provider.GetRequiredService<IOptions<JournalOptions>>().Value,
            provider.GetRequiredService<ILogger<JournalAge>>()));
        services.AddSingleton(provider => new BabblingDevices(provider.GetRequiredService<HubClock>().Wall)).AddSingleton<IntakeConditions>();
        services.AddSingleton<IntakeRecord>().AddSingleton<Dispatcher>().AddSingleton<GatewayLink>().AddSingleton<PendingDevices>().AddSingleton<PayloadGate>();
        services.AddSingleton<TlsFiles>().AddSingleton<WrongSecrets>().AddSingleton<SignIn>().AddSingleton<DoorServices>().AddSingleton<EquipmentListener>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SiteFollower>(provider, folder, (Func<EquipmentProfile, EquipmentProfile>)provider.GetRequiredService<IOptions<IntakeOptions>>().Value.Limit));
        services.AddSingleton(provider => new GatewayHealth(
            provider.GetRequiredService<IngestJournal>(),
            provider.GetRequiredService<Dispatcher>(),
            provider.GetRequiredService<EquipmentListener>(),
            provider.GetRequiredService<SiteFollower>(),
            provider.GetRequiredService<GatewayLink>(),
            provider.GetRequiredService<TlsFiles>(),
            provider.GetRequiredService<IntakeConditions>(),
            provider.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>,
            provider.GetRequiredService<IHostApplicationLifetime>()));
        services.AddHostedService(provider => provider.GetRequiredService<SiteFollower>());
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<CatchUp>(provider, provider.GetRequiredService<IOptions<JournalOptions>>().Value));
        services.AddHostedService<LinkKeeper>();
        services.AddHostedService<ConditionReports>();
        services.AddHostedService<EquipmentDoor>();
        return services;
    }

    /// <summary>Opens the MQTT ports that the options name. Kestrel then ignores <c>--urls</c>: HTTP endpoints have to be listened on in code as well.</summary>
    /// <param name="kestrel">The server's options.</param>
    public static void ConfigureMqtt(this KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var health = kestrel.ApplicationServices.GetRequiredService<GatewayHealth>();
        var listener = kestrel.ApplicationServices.GetRequiredService<EquipmentListener>();
        kestrel.Listen(IPAddress.Parse(options.MqttHost), options.MqttPort, listen =>
        {
            listen.Use(next => connection => listener.AdmitAsync(connection, next));
            listen.Run(listener.OnConnectedAsync);
            health.Endpoint = listen;
        });
        var tls = kestrel.ApplicationServices.GetRequiredService<IOptions<MqttTlsOptions>>().Value;
        if (tls.CertificateFile.Length == 0)
            return;
        var files = kestrel.ApplicationServices.GetRequiredService<TlsFiles>();
        kestrel.Listen(IPAddress.Parse(tls.Host), tls.Port, listen =>
        {
            listen.Use(next => connection => listener.AdmitAsync(connection, next));
            listen.UseHttps(files.Handshake());
            listen.Run(listener.OnConnectedAsync);
            health.TlsEndpoint = listen;
        });
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddOptions<GatewayOptions>().BindConfiguration("Gateway").ValidateDataAnnotations().Validate(options => IPAddress.TryParse(options.MqttHost, out _), "Gateway:MqttHost is not an IP address").ValidateOnStart();
        services.AddOptions<IntakeOptions>().BindConfiguration("Gateway:Intake").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MqttTlsOptions>().BindConfiguration("Gateway:Tls").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MqttTlsOptions>, TlsFilesCheck>();
        services.AddOptions<ConnectionSignInOptions>().BindConfiguration("Gateway:SignIn").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<JournalOptions>().BindConfiguration("Gateway:Journal").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DispatchOptions>().BindConfiguration("Gateway:Dispatch").ValidateDataAnnotations().ValidateOnStart();
    }
}
