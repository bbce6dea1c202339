using Microsoft.Playwright;

namespace Monitoring.Browser.Tests;

/// <summary>Debian's Chromium, driven by Playwright; one for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Size and scheme of a page that was just opened: the smallest screen of a control room, at night.</summary>
    public const int Width = 1280;
    public const int Height = 800;
    public const ColorScheme Scheme = ColorScheme.Dark;

    private const string Program = "/usr/bin/chromium";

    // Without these, Chromium looks for hosts of its maker at every start.
    private static readonly string[] Switches = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Switches });
    }

    /// <summary>Opens a page that notes what its console says.</summary>
    public async Task<WatchedPage> OpenAsync(Uri address)
    {
        Assert.SkipWhen(_browser is null, "missing: chromium (run ./test --install)");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString(), ViewportSize = new ViewportSize { Width = Width, Height = Height }, ColorScheme = Scheme });
        return new WatchedPage(await context.NewPageAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A page and the errors of its console.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    /// <summary>Watches a page.</summary>
    public WatchedPage(IPage page)
    {
        Page = page;
        page.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Add(message.Text);
        };
        page.PageError += (_, error) => _errors.Add(error);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Errors of its console so far: a policy that was broken, a script that failed.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Signs in with the form.</summary>
    public async Task SignInAsync(string user, string password)
    {
        await Page.GotoAsync("/sign-in");
        await Page.FillAsync("#user", user);
        await Page.FillAsync("#password", password);
        await Page.ClickAsync("button[type=submit]");
    }

    /// <summary>Keeps a picture for people to look at, below <c>artifacts/screenshots</c>.</summary>
    public async Task KeepAsync(string name)
    {
        var folder = Path.Combine(Harness.Repository.Root, "artifacts", "screenshots");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }

    /// <summary>Closes it.</summary>
    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
