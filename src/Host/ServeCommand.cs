using System.CommandLine;
using Monitoring.Domain;

namespace Monitoring.Host;

/// <summary><c>monitoring</c> (the sample city) and <c>monitoring serve</c> (a real site).</summary>
internal sealed class ServeCommand(Action<IServiceCollection>? amend)
{
    private readonly Option<string?> _data = new("--data") { Description = "Data folder (default: data, below the current folder)" };
    private readonly Option<string?> _urls = new("--urls") { Description = "HTTP addresses, separated by ';' (default: http://127.0.0.1:5080)" };
    private readonly Option<int?> _mqttPort = new("--mqtt-port") { Description = "Port for plain MQTT, loopback (default: 1883)" };
    private readonly Option<int?> _mqttsPort = new("--mqtts-port") { Description = "Port for MQTT over TLS (default: 8883); needs Gateway:Tls:CertificateFile" };
    private readonly Option<string?> _site = new("--site") { Description = "Site file: seeds an empty data folder" };
    private readonly Option<bool> _importSite = new("--import-site") { Description = "Store the given site even if another version is stored" };
    private readonly Option<string?> _roles = new("--roles") { Description = "Roles of this process (default: silo,gateway,dashboard)" };
    private readonly Option<string?> _clock = new("--clock") { Description = "wall, or replay: a virtual clock that only a replay moves" };

    /// <summary>Adds both commands.</summary>
    public static void AddTo(RootCommand root, Action<IServiceCollection>? amend)
    {
        var sample = new ServeCommand(amend);
        var listRoles = new Option<bool>("--list-roles") { Description = "List the roles that a process can take" };
        foreach (var option in new Option[] { sample._data, sample._urls, sample._mqttPort, listRoles })
            root.Options.Add(option);
        root.SetAction((parsed, cancellation) => parsed.GetValue(listRoles) ? ListRolesAsync() : sample.RunSampleAsync(parsed, cancellation));

        var real = new ServeCommand(amend);
        var serve = new Command("serve", "Run the hub on a real site");
        foreach (var option in new Option[] { real._site, real._importSite, real._data, real._roles, real._urls, real._mqttPort, real._mqttsPort, real._clock })
            serve.Options.Add(option);
        serve.SetAction(real.RunSiteAsync);
        root.Subcommands.Add(serve);
    }

    private static async Task<int> ListRolesAsync()
    {
        foreach (var role in Enum.GetNames<HubRole>())
            await Console.Out.WriteLineAsync(role.ToLowerInvariant());
        return ExitCode.Fine;
    }

    private Task<int> RunSampleAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var configuration = ReadConfiguration(parsed);
        var settings = Settings(configuration) with { Roles = Enum.GetValues<HubRole>(), SampleCity = true, Site = SampleCity.ReadSite() };
        return HubProcess.RunAsync(settings, configuration, amend, cancellation);
    }

    private Task<int> RunSiteAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var configuration = ReadConfiguration(parsed);
        var site = parsed.GetValue(_site) is { } path ? SiteFiles.ReadChecked(path) : null;
        var settings = Settings(configuration) with { Site = site, ImportSite = parsed.GetValue(_importSite) };
        if (settings.Has(HubRole.Simulator))
            throw new HubRefusal(ExitCode.WrongUsage, "the simulator runs in the sample city only: leave it out of --roles");
        if (site is not null && !settings.Has(HubRole.Silo))
            throw new HubRefusal(ExitCode.WrongUsage, "--site belongs to the process with the silo role: leave it out here");
        return HubProcess.RunAsync(settings, configuration, amend, cancellation);
    }

    // Command line over environment over file.
    private ConfigurationManager ReadConfiguration(ParseResult parsed)
    {
        var configuration = new ConfigurationManager();
        try
        {
            configuration.AddJsonFile(Path.GetFullPath("monitoring.json"), optional: true, reloadOnChange: false);
        }
        catch (InvalidDataException broken)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"monitoring.json cannot be read: {broken.InnerException?.Message ?? broken.Message}");
        }

        configuration.AddEnvironmentVariables("MONITORING__");
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Hub:Data"] = parsed.GetValue(_data),
            ["Hub:Urls"] = parsed.GetValue(_urls),
            ["Hub:Roles"] = parsed.GetValue(_roles),
            ["Hub:Clock"] = parsed.GetValue(_clock),
            ["Gateway:MqttPort"] = parsed.GetValue(_mqttPort)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Gateway:Tls:Port"] = parsed.GetValue(_mqttsPort)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        }.Where(setting => setting.Value is not null));
        if (parsed.GetValue(_mqttsPort) is not null && string.IsNullOrEmpty(configuration["Gateway:Tls:CertificateFile"]))
            throw new HubRefusal(ExitCode.WrongUsage, "--mqtts-port needs a certificate: set Gateway:Tls:CertificateFile and Gateway:Tls:KeyFile, or leave it out");
        HubProcess.Catalog.RefuseUnknown(configuration);
        HubProcess.Catalog.RefuseOutOfRange(configuration);
        return configuration;
    }

    private static HubSettings Settings(ConfigurationManager configuration)
    {
        var options = configuration.GetSection("Hub").Get<HubOptions>() ?? new HubOptions();
        return new HubSettings
        {
            Data = options.Data,
            Urls = options.Urls,
            Roles = [.. options.Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseRole).Distinct()],
            Clock = options.Clock switch
            {
                "wall" => ClockKind.Wall,
                "replay" => ClockKind.Replay,
                var other => throw new HubRefusal(ExitCode.WrongUsage, $"the clock '{other}' is unknown: use wall or replay"),
            },
        };
    }

    private static HubRole ParseRole(string name) =>
        Enum.GetNames<HubRole>().Contains(name, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<HubRole>(name, ignoreCase: true)
            : throw new HubRefusal(ExitCode.WrongUsage, $"the role '{name}' is unknown: 'monitoring --list-roles' lists them");
}
