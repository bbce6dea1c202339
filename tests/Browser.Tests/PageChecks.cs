using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Monitoring.Browser.Tests;

/// <summary>What every page must pass.</summary>
internal static class PageChecks
{
    /// <summary>The last one is what tests open pages with, so that a page ends as it began.</summary>
    private static readonly (int Width, int Height, ColorScheme Scheme)[] Looks =
    [
        (1920, 1080, ColorScheme.Light),
        (1920, 1080, ColorScheme.Dark),
        (Chromium.Width, Chromium.Height, ColorScheme.Light),
        (Chromium.Width, Chromium.Height, Chromium.Scheme),
    ];

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // The library's own call loads axe anew and opens one more page each time: with it, axe took half of a run.
    private const string RunAxe = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(one => `${one.id}: ${one.help} (${one.nodes.map(node => node.html).join(', ')})`)
        """;

    // A live page has had its first beat, and has not lost the hub. Three frames in a row without a change of size and without a transition that can be seen (in a closed menu it never ends): then canvases and the plan are drawn anew as well.
    private const string Settle = """
        async ([width, scheme]) => {
          await document.fonts.ready;
          const isLive = () => !document.body.classList.contains('lost') && !document.querySelector('[data-beat="0"]');
          const state = () => [innerWidth === width && isLive(), matchMedia(`(prefers-color-scheme: ${scheme})`).matches, document.getAnimations().every(one => !(one instanceof CSSTransition) || !one.effect.target.checkVisibility()), document.documentElement.scrollHeight, ...[...document.querySelectorAll('canvas')].map(canvas => `${canvas.width}x${canvas.height}`)];
          let before = '';
          for (let frames = 0, calm = 0; calm < 3; frames++) {
            if (frames > 1000) throw new Error(`the page does not come to rest: ${before}`);
            await new Promise(done => requestAnimationFrame(done));
            const now = state();
            calm = now.slice(0, 3).every(Boolean) && String(now) === before ? calm + 1 : 0;
            before = String(now);
          }
        }
        """;

    /// <summary>Axe finds nothing, the console is clean, and the page is not wider than the window.</summary>
    /// <param name="watched">The page.</param>
    /// <param name="refusals">HTTP answers that the test has asked for: the browser itself notes them in its console. Nothing else may be there.</param>
    public static async Task AssertCleanAsync(this WatchedPage watched, params int[] refusals)
    {
        Assert.Empty(await AxeFindingsAsync(watched.Page));
        Assert.DoesNotContain(watched.Errors, error => !refusals.Any(status => error.Contains($"a status of {status}", StringComparison.Ordinal)));
        Assert.True(await watched.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page is wider than the window");
    }

    /// <summary>Shows the open page dark and light in both sizes that control rooms have; each must be clean, and of each a picture is kept.</summary>
    /// <param name="watched">The page.</param>
    /// <param name="name">What the pictures are called, before their size and scheme.</param>
    /// <param name="refusals">As for <see cref="AssertCleanAsync"/>.</param>
    /// <param name="inEach">What must be so in each of the four, with the height of the window.</param>
    public static async Task KeepLooksAsync(this WatchedPage watched, string name, int[]? refusals = null, Func<int, Task>? inEach = null)
    {
        foreach (var (width, height, scheme) in Looks)
        {
            var look = $"{name}-{width}x{height}-{scheme}".ToLowerInvariant();
            await watched.Page.SetViewportSizeAsync(width, height);
            await watched.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await watched.Page.EvaluateAsync(Settle, new object[] { width, scheme.ToString().ToLowerInvariant() });
            try
            {
                await watched.AssertCleanAsync(refusals ?? []);
                await (inEach?.Invoke(height) ?? Task.CompletedTask);
            }
            catch (Xunit.Sdk.XunitException finding)
            {
                throw new InvalidOperationException($"{look}: {finding.Message}", finding);
            }
            finally
            {
                await watched.KeepAsync(look);
            }
        }
    }

    private static async Task<string[]> AxeFindingsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
            await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>(RunAxe);
    }
}
