using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Names of roles as the API, the cookie and the command line spell them.</summary>
public static class RoleNames
{
    private static readonly Dictionary<string, Role> ByName = Enum.GetValues<Role>().ToDictionary(ToName, StringComparer.Ordinal);

    /// <summary>All names, in the order of the roles.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Role>().Select(ToName)];

    /// <summary>The name of a role, in lower case.</summary>
    public static string ToName(this Role role) => role.ToString().ToLowerInvariant();

    /// <summary>The role of a name; null where no role is called so.</summary>
    public static Role? Parse(string? name) => name is not null && ByName.TryGetValue(name, out var role) ? role : null;
}
