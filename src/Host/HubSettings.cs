using Monitoring.Contracts.Spaces;
using Monitoring.Domain;

namespace Monitoring.Host;

/// <summary>Roles that a process can take.</summary>
internal enum HubRole
{
    /// <summary>Grains: live state, accounts, site.</summary>
    Silo,

    /// <summary>MQTT in, journal, dispatch.</summary>
    Gateway,

    /// <summary>Pages and HTTP API.</summary>
    Dashboard,

    /// <summary>The sample city's equipment.</summary>
    Simulator,
}

/// <summary>What one process is started with, after the command line, environment and file have been read.</summary>
internal sealed record HubSettings
{
    /// <summary>Roles of this process.</summary>
    public required IReadOnlyList<HubRole> Roles { get; init; }

    /// <summary>Data folder as given.</summary>
    public required string Data { get; init; }

    /// <summary>HTTP addresses, separated by <c>;</c>.</summary>
    public required string Urls { get; init; }

    /// <summary>What moves the clock.</summary>
    public required ClockKind Clock { get; init; }

    /// <summary>Site to seed an empty data folder with; null where the stored one is taken.</summary>
    public SiteDocument? Site { get; init; }

    /// <summary>Whether a differing site replaces the stored one.</summary>
    public bool ImportSite { get; init; }

    /// <summary>Whether this is the sample city, with its demo accounts and devices.</summary>
    public bool SampleCity { get; init; }

    /// <summary>Whether the process has a role.</summary>
    public bool Has(HubRole role) => Roles.Contains(role);
}
