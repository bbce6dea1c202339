using System.Text.Json;
using Monitoring.Contracts;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Gateway.Accounts;
using Monitoring.Gateway.Intake;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Host;

/// <summary>The sample pilot city: its site, an account of each role, a secret for each connection, and what keeps it moving.</summary>
internal static class SampleCity
{
    private const string AccountsFile = "demo-accounts.json";
    private const string DevicesFile = "demo-devices.json";
    private const string TokenName = "demo";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The site document that ships with the hub.</summary>
    public static SiteDocument ReadSite() => SiteFiles.ReadChecked(Path.Combine(AppContext.BaseDirectory, "sites", "pilot-city", "site.yaml"));

    /// <summary>Whether a stored site is the sample city with devices adopted: all of it is still there.</summary>
    public static bool HasGrown(SiteDocument stored)
    {
        var (grown, sample) = (CompiledSite.Compile(stored).Site?.Site, CompiledSite.Compile(ReadSite()).Site!.Site);
        var devices = grown?.Spaces.SelectMany(space => space.Devices.Select(device => (space.Id, device.Id))).ToHashSet() ?? [];
        var topics = grown?.Connections.SelectMany(connection => connection.Topics.Select(topic => (connection.Name, topic))).ToHashSet() ?? [];
        return sample.Spaces.All(space => space.Devices.All(device => devices.Contains((space.Id, device.Id))))
            && sample.Connections.All(connection => connection.Topics.All(topic => topics.Contains((connection.Name, topic))));
    }

    /// <summary>Adds the simulated equipment.</summary>
    public static IServiceCollection AddSampleCity(this IServiceCollection services, DataFolder folder, HubSettings settings, HubOptions hub) =>
        services.AddPilotCity(provider =>
        {
            var gateway = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<GatewayOptions>>().Value;
            var site = CompiledSite.Compile(settings.Site!).Site!.Site;
            var secrets = ReadDevices(folder).ToDictionary(device => device.Connection, device => device.Secret);
            return new PilotCitySetup(site, new MqttEndpoint(gateway.MqttHost, gateway.MqttPort), secrets, hub.SimulatorSeed, hub.Scene);
        });

    /// <summary>Makes the connections' secrets, once: <c>demo-devices.json</c> tells them.</summary>
    public static void WriteSecrets(DataFolder folder, SiteDocument document)
    {
        var connections = CompiledSite.Compile(document).Site!.Site.Connections;
        var known = File.Exists(folder.File(DevicesFile)) ? ReadDevices(folder) : [];
        if (connections.Select(connection => connection.Name).ToHashSet().SetEquals(known.Select(device => device.Connection)))
            return;
        var secrets = new ConnectionSecrets(folder.Path).Generate(connections.Select(connection => connection.Name));
        var devices = connections.Select(connection => new DemoDevice(connection.Name, secrets[connection.Name], connection.Topics));
        PrivateFile.Write(folder.File(DevicesFile), JsonSerializer.SerializeToUtf8Bytes(devices, Json));
    }

    /// <summary>Makes an account of each role with an API token, once: <c>demo-accounts.json</c> tells their secrets.</summary>
    public static async Task AddAccountsAsync(IGrainFactory grains, HubClock clock, DataFolder folder)
    {
        if (File.Exists(folder.File(AccountsFile)))
            return;
        var accounts = grains.GetGrain<IAccountsGrain>(0);
        var written = new List<DemoAccount>();
        var facts = new List<AuditFact>();
        foreach (var role in Enum.GetValues<Role>())
        {
            // Interrupted before the file was written: nobody knows these secrets, so they are made anew.
            var name = role.ToString().ToLowerInvariant();
            var account = NewAccount.Create(name, role);
            var token = NewToken.Create(TokenName);
            if (!await accounts.AddAsync(account.Account))
                await accounts.ReplaceAsync(account.Account);
            await accounts.RevokeTokenAsync(name, TokenName);
            await accounts.AddTokenAsync(name, token.Stored);
            facts.Add(new($"account-added/sample-city/{name}", clock.Wall.GetUtcNow(), "account-added", "hub", name, "sample city, with an API token"));
            written.Add(new DemoAccount(name, name, account.Password, token.Token));
        }

        await grains.GetGrain<IAuditGrain>(0).AppendAsync(facts);
        PrivateFile.Write(folder.File(AccountsFile), JsonSerializer.SerializeToUtf8Bytes(written, Json));
    }

    /// <summary>What a new user needs to know next.</summary>
    public static string Welcome(string address, DataFolder folder) => $"""
        The sample pilot city is live: {address}
          accounts  {folder.File(AccountsFile)} (one of each role; sign in as 'operator' to see the spaces)
          devices   {folder.File(DevicesFile)} (MQTT connections and their secrets)
          data      {folder.Path} (delete it to begin anew)
          next      README.md; 'monitoring serve --site site.yaml' runs a site of your own
        """;

    private static List<DemoDevice> ReadDevices(DataFolder folder) =>
        JsonSerializer.Deserialize<List<DemoDevice>>(File.ReadAllText(folder.File(DevicesFile)), Json)!;

    private sealed record DemoDevice(string Connection, string Secret, IReadOnlyList<string> Topics);

    private sealed record DemoAccount(string User, string Role, string Password, string Token);
}
