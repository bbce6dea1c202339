using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Equipment;
using Monitoring.Dashboard.History;
using Monitoring.Dashboard.Spaces;
using Monitoring.Domain;
using Monitoring.Gateway;
using Monitoring.Gateway.Accounts;
using Monitoring.Gateway.Equipment;
using Monitoring.Gateway.Intake;
using Monitoring.Gateway.Spaces;
using Monitoring.History;
using Monitoring.Silo;
using Monitoring.Silo.Accounts;
using Monitoring.Silo.Privacy;
using Monitoring.Silo.Spaces;
using Monitoring.Silo.State;
using Monitoring.Storage;

namespace Monitoring.Host;

/// <summary>One process of the hub: composes the roles it was given, runs them, and ends them within five seconds.</summary>
internal static class HubProcess
{
    private const int StartAttemptsMax = 6;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    /// <summary>Every setting of every role.</summary>
    public static SettingsCatalog Catalog { get; } = new SettingsCatalog()
        .Add<HubOptions>("Hub")
        .Add<ClusterOptions>("Cluster")
        .Add<AccountOptions>("Silo:Accounts")
        .Add<AuditOptions>("Silo:Audit")
        .Add<ReleaseOptions>("Silo:Releases")
        .Add<StateOptions>("Silo:State")
        .Add<SpaceOptions>("Silo:Spaces")
        .Add<InfluxOptions>(InfluxHistory.Section)
        .Add<HistoryOptions>("Silo:History")
        .Add<GatewayOptions>("Gateway")
        .Add<IntakeOptions>("Gateway:Intake")
        .Add<JournalOptions>("Gateway:Journal")
        .Add<DispatchOptions>("Gateway:Dispatch")
        .Add<ConnectionSignInOptions>("Gateway:SignIn")
        .Add<MqttTlsOptions>("Gateway:Tls")
        .Add<EquipmentOptions>("Dashboard:Equipment")
        .Add<HistoryReadOptions>("Dashboard:History")
        .Add<LiveOptions>("Dashboard:Live")
        .Add<MapOptions>("Dashboard:Map")
        .Add<OidcOptions>("Dashboard:Oidc")
        .Add<SignInOptions>("Dashboard:SignIn");

    /// <summary>Runs until it is told to stop.</summary>
    /// <returns>Exit code.</returns>
    /// <exception cref="HubRefusal">It cannot run.</exception>
    public static async Task<int> RunAsync(HubSettings settings, ConfigurationManager configuration, Action<IServiceCollection>? amend, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var folder = DataFolder.Open(settings.Data, settings.Roles, settings.Clock);
        var hub = Build(settings, configuration, folder, amend);
        await using (hub)
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation, hub.Lifetime.ApplicationStopping);
            try
            {
                await StartAsync(hub, settings, folder, stopping.Token);
                await SayReadyAsync(hub, settings, Stopwatch.GetElapsedTime(started));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested || hub.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                // Told to stop before it was ready: nothing to say, the wait below ends at once.
            }

            await hub.WaitForShutdownAsync(cancellation);
        }

        return ExitCode.Fine;
    }

    /// <summary>Builds a process without starting it.</summary>
    public static WebApplication Build(HubSettings settings, ConfigurationManager configuration, DataFolder folder, Action<IServiceCollection>? amend = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(HubProcess).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddHubLogging();
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var endpoint in HttpAddresses.Read(settings.Urls))
                kestrel.Listen(endpoint);
            if (settings.Has(HubRole.Gateway))
                kestrel.ConfigureMqtt();
        });
        var services = builder.Services;
        services.AddOptions<HubOptions>().BindConfiguration("Hub").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ClusterOptions>().BindConfiguration("Cluster").ValidateDataAnnotations().ValidateOnStart();
        services.Configure<HostOptions>(options =>
        {
            // A gateway or dashboard must serve while the silo is away: no role waits for another to start.
            options.ServicesStartConcurrently = true;
            options.ShutdownTimeout = StopWithin;
        });
        services.AddSingleton(settings);
        services.AddSingleton(folder);
        services.AddSingleton<HubHealth>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new HubClock(settings.Clock, TimeProvider.System));
        services.AddHubObservability(folder);
        AddRoles(builder, settings, folder);
        amend?.Invoke(services);
        var hub = builder.Build();
        hub.UseHubMetrics();
        hub.MapHubHealth();
        if (settings.Has(HubRole.Dashboard))
            hub.MapDashboard();
        return hub;
    }

    private static void AddRoles(WebApplicationBuilder builder, HubSettings settings, DataFolder folder)
    {
        var cluster = builder.Configuration.GetSection("Cluster").Get<ClusterOptions>() ?? new ClusterOptions();
        if (settings.Has(HubRole.Silo))
        {
            builder.Host.UseOrleans((_, silo) => silo.AddHubCluster(settings, cluster).AddHubSilo(folder.Path));
            builder.Services.AddInfluxHistory(builder.Configuration);
            builder.Services.AddHubHistory(folder.Path);
        }
        else
        {
            builder.Host.UseOrleansClient((_, client) => client.AddHubCluster(cluster));
        }

        if (settings.Has(HubRole.Gateway))
            builder.Services.AddGateway(folder.Path);

        if (settings.Has(HubRole.Dashboard))
            builder.Services.AddDashboard(folder.Path);
        if (settings.Has(HubRole.Simulator))
            builder.Services.AddSampleCity(folder, settings, builder.Configuration.GetSection("Hub").Get<HubOptions>() ?? new HubOptions());
    }

    private static async Task StartAsync(WebApplication hub, HubSettings settings, DataFolder folder, CancellationToken cancellation)
    {
        try
        {
            if (settings.SampleCity)
                SampleCity.WriteSecrets(folder, settings.Site!);
            PortsInUse.Refuse(settings, hub.Configuration);
            var import = settings.Has(HubRole.Silo) ? await SiteImport.ChooseAsync(folder.Path, settings, hub.Logger) : null;
            var door = settings.Has(HubRole.Silo) && settings.Has(HubRole.Gateway) ? hub.Services.GetRequiredService<SiteHold>() : null;
            door?.Hold();
            if (settings.Has(HubRole.Silo))
                await ReleaseLedger.CompareWithCopiesAsync(hub.Services, cancellation);
            var starting = hub.StartAsync(cancellation);
            if (settings.Has(HubRole.Silo))
            {
                await starting;
                var grains = hub.Services.GetRequiredService<IGrainFactory>();
                await PatientlyAsync(() => RestoredMark.TellAsync(folder, grains), cancellation);
                await PatientlyAsync(() => ReleaseLedger.TellPutBackAsync(hub.Services), cancellation);
                var version = 1;
                if (import is { } site)
                    await PatientlyAsync(async () => version = await grains.GetGrain<ISiteGrain>(0).ImportAsync(site), cancellation);
                door?.LiftAt(version);
            }

            if (settings.SampleCity)
                await PatientlyAsync(() => SampleCity.AddAccountsAsync(hub.Services.GetRequiredService<IGrainFactory>(), hub.Services.GetRequiredService<HubClock>(), folder), cancellation);

            // Without a silo of its own a process is ready once it serves: its start ends only when it has reached the silo.
            var ready = hub.Services.GetRequiredService<HubHealth>().WaitUntilReadyAsync(cancellation);
            if (await Task.WhenAny(starting, ready) == starting)
                await starting;
            await ready;
        }
        catch (OptionsValidationException wrong)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"a setting is out of range: {string.Join("; ", wrong.Failures)}");
        }
        catch (Exception fault) when (fault is StoreException or AuditAwayException)
        {
            throw new HubRefusal(ExitCode.Missing, fault.Message);
        }
        catch (IOException fault) when (fault.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new HubRefusal(ExitCode.Missing, $"{fault.Message.TrimEnd('.')}: stop what listens there, or choose other ports with --urls and --mqtt-port");
        }
    }

    // A first call on a busy machine can take longer than a call may. All deeds of a start may be repeated: what is done already is not done again.
    private static async Task PatientlyAsync(Func<Task> deed, CancellationToken cancellation)
    {
        for (var left = StartAttemptsMax; ; left--)
        {
            try
            {
                await deed();
                return;
            }
            catch (TimeoutException) when (left > 1 && !cancellation.IsCancellationRequested)
            {
                // Tried again: the silo is in this process and on its way.
            }
        }
    }

    private static async Task SayReadyAsync(WebApplication hub, HubSettings settings, TimeSpan took)
    {
        await WarnOfOpenDoorsAsync(hub, settings);
        var line = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ready {settings.Urls} roles {string.Join(',', settings.Roles).ToLowerInvariant()} in {took.TotalSeconds:0.0} s");
        if (settings.Has(HubRole.Dashboard) && !settings.SampleCity)
            await SaySetUpAsync(hub, settings);
        await Console.Out.WriteLineAsync(line);
        if (settings.SampleCity)
            await Console.Out.WriteLineAsync(SampleCity.Welcome(settings.Urls, hub.Services.GetRequiredService<DataFolder>()));
    }

    // On the console only, and only while nobody can sign in: never in a log or a file of the hub's own.
    private static async Task SaySetUpAsync(WebApplication hub, HubSettings settings)
    {
        var setUp = hub.Services.GetRequiredService<FirstSetUp>();
        if (!await setUp.IsOpenAsync(hub.Lifetime.ApplicationStopping))
            return;
        var address = HttpAddresses.Read(settings.Urls)[0];
        var host = IPAddress.IsLoopback(address.Address) || address.Address.Equals(IPAddress.Any) ? $"localhost:{address.Port}" : address.ToString();
        await Console.Out.WriteLineAsync($"setup http://{host}/setup secret {setUp.Secret}");
    }

    private static async Task WarnOfOpenDoorsAsync(WebApplication hub, HubSettings settings)
    {
        var gateway = hub.Configuration.GetSection("Gateway").Get<GatewayOptions>() ?? new GatewayOptions();
        if (settings.Has(HubRole.Gateway) && !IPAddress.IsLoopback(IPAddress.Parse(gateway.MqttHost)))
            await Console.Error.WriteLineAsync($"monitoring: MQTT listens on {gateway.MqttHost} in the clear: secrets and counts can be read on the network");
        foreach (var open in HttpAddresses.Read(settings.Urls).Where(address => !IPAddress.IsLoopback(address.Address)))
            await Console.Error.WriteLineAsync($"monitoring: HTTP listens on {open} in the clear: put a reverse proxy with TLS in front of it");
    }
}
