using Deque.AxeCore.Playwright;

namespace Monitoring.Browser.Tests;

/// <summary>What every page must pass.</summary>
internal static class PageChecks
{
    /// <summary>Axe finds nothing, the console is clean, and the page is not wider than the window.</summary>
    public static async Task AssertCleanAsync(this WatchedPage watched)
    {
        var found = await watched.Page.RunAxe();
        Assert.True(found.Violations.Length == 0, string.Join(Environment.NewLine, found.Violations.Select(violation => $"{violation.Id}: {violation.Help} ({string.Join(", ", violation.Nodes.Select(node => node.Html))})")));
        Assert.Empty(watched.Errors);
        Assert.False(await watched.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page is wider than the window");
    }
}
