namespace Monitoring.Harness;

/// <summary>A hub on the replay clock with the site of the Hardbrücke stop, and what a replay needs to reach it.</summary>
public sealed class ReplayedHub : IAsyncDisposable
{
    private ReplayedHub(HubUnderTest hub, string secret, string token) => (Hub, Secret, Token) = (hub, secret, token);

    /// <summary>The site's connection.</summary>
    public const string Connection = "hardbruecke";

    /// <summary>The site's space.</summary>
    public const string Space = "hardbruecke";

    /// <summary>Its map for recorded counts.</summary>
    public static string MapFile => Path.Combine(Repository.Root, "sites", "hardbruecke", "map.yaml");

    /// <summary>Its site file.</summary>
    public static string SiteFile => Path.Combine(Repository.Root, "sites", "hardbruecke", "site.yaml");

    /// <summary>The hub's process.</summary>
    public HubUnderTest Hub { get; }

    /// <summary>Secret of the connection.</summary>
    public string Secret { get; }

    /// <summary>Token of an admin.</summary>
    public string Token { get; }

    /// <summary>Starts it.</summary>
    /// <param name="data">Data folder.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="environment">Settings, as variables of its environment.</param>
    public static async Task<ReplayedHub> StartAsync(string data, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null)
    {
        var hub = await HubUnderTest.StartAsync(data, ["serve", "--site", SiteFile, "--clock", "replay"], cancellation, environment: environment);
        await hub.AddUserAsync("replayer", "admin", cancellation);
        var token = await hub.AddTokenAsync("replayer", "test", cancellation);
        return new ReplayedHub(hub, hub.Secret(Connection), token);
    }

    /// <summary>Ends the hub.</summary>
    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
