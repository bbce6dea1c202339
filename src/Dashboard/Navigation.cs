using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard;

/// <summary>One entry of the navigation.</summary>
/// <param name="Path">Path of the page.</param>
/// <param name="Name">Word for people.</param>
/// <param name="Policy">Who sees it.</param>
/// <param name="Below">Path that its further pages begin with; null where it has none.</param>
internal sealed record NavigationItem(string Path, string Name, string Policy, string? Below = null)
{
    /// <summary>Whether a page belongs to this entry.</summary>
    public bool Holds(string path) => path == Path || (Below is not null && path.StartsWith(Below, StringComparison.Ordinal));
}

/// <summary>The pages that a role finds in its navigation, in the order of the bar.</summary>
internal static class Navigation
{
    public const string Alarms = "/alarms";

    private static readonly NavigationItem[] Items =
    [
        new("/", "Overview", Policies.LiveSpaces, "/spaces/"),
        new(Alarms, "Alarms", Policies.Alarms),
        new("/equipment", "Equipment", Policies.Equipment, "/equipment/"),
        new("/history", "History", Policies.History),
        new("/administration", "Administration", Policies.Administration),
    ];

    /// <summary>What a role may open; nothing for nobody.</summary>
    public static IEnumerable<NavigationItem> For(Role? role) => Items.Where(item => role is { } known && Policies.Roles[item.Policy].Contains(known));
}
