using System.ComponentModel.DataAnnotations;

namespace Monitoring.Host;

/// <summary>What a process is and where it listens. Section <c>Hub</c>.</summary>
internal sealed class HubOptions
{
    /// <summary>Data folder. Default <c>data</c> below the current folder.</summary>
    [Required]
    public string Data { get; init; } = "data";

    /// <summary>HTTP addresses, separated by <c>;</c>. Default <c>http://127.0.0.1:5080</c>.</summary>
    [Required]
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Roles of this process, separated by commas: silo, gateway, dashboard, simulator. Default <c>silo,gateway,dashboard</c>.</summary>
    [Required]
    public string Roles { get; init; } = "silo,gateway,dashboard";

    /// <summary>What moves the clock: wall or replay. Default <c>wall</c>.</summary>
    [Required]
    public string Clock { get; init; } = "wall";

    /// <summary>Seed of the sample city's simulator, 0 to 2,147,483,647. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int SimulatorSeed { get; init; } = 1;

    /// <summary>What happens in the sample city, again and again: programme (all scenes in turn), quiet-evening, market-day, match-egress, link-loss. Default <c>programme</c>.</summary>
    [AllowedValues("programme", "quiet-evening", "market-day", "match-egress", "link-loss", ErrorMessage = "use one of programme, quiet-evening, market-day, match-egress, link-loss")]
    public string Scene { get; init; } = "programme";
}

/// <summary>How the processes of one hub find each other. Section <c>Cluster</c>.</summary>
internal sealed class ClusterOptions
{
    /// <summary>Port of the silo for other silos, loopback. 0 takes a free one; used when all roles are in one process. 0 to 65,535, default 11111.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; init; } = 11_111;

    /// <summary>Port of the silo for gateway and dashboard processes, loopback. 1 to 65,535, default 30000.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; init; } = 30_000;

    /// <summary>How long a call between processes may take before it fails, seconds. 1 to 60, default 5.</summary>
    [Range(1, 60)]
    public int ResponseSeconds { get; init; } = 5;
}
