using System.Text.RegularExpressions;

namespace Monitoring.Dashboard.Accounts;

/// <summary>How accounts and tokens may be called.</summary>
internal static partial class AccountNames
{
    /// <summary>The form, in words.</summary>
    public const string Rule = "1 to 64 of a to z, 0 to 9, dot, dash";

    // Who acts by these names is the hub, or a command on its machine.
    private static readonly string[] Reserved = ["hub", "local"];

    public static bool IsName(string? name) => name is not null && Form().IsMatch(name);

    public static bool IsUserName(string? name) => IsName(name) && !Reserved.Contains(name);

    [GeneratedRegex("^[a-z0-9.-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
