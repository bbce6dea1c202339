using System.Text.Json.Serialization;

namespace Monitoring.Domain.Accounts;

/// <summary>What a person or program may see and do. The name in lower case is the name in the API and on the command line.</summary>
[JsonConverter(typeof(KebabCaseConverter<Role>))]
public enum Role
{
    /// <summary>Sees the live state of spaces.</summary>
    Operator,

    /// <summary>All that an operator may, and changes thresholds.</summary>
    Supervisor,

    /// <summary>Sees equipment and refused messages, no live counts.</summary>
    Technician,

    /// <summary>Sees released history only.</summary>
    Analyst,

    /// <summary>Data-protection officer: sees what is released and why.</summary>
    Dpo,

    /// <summary>Runs the hub: accounts, site, counters; no live counts.</summary>
    Admin,
}
