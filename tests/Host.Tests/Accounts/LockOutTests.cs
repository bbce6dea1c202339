using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>Wrong passwords lock the password for a while, and nothing else.</summary>
public sealed class LockOutTests
{
    [Fact]
    public async Task After_the_last_wrong_password_the_right_one_is_refused_too_also_for_many_at_once_and_a_restart_changes_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, 3, 3_600, cancellation);
        var password = await hub.AddUserAsync("eve", "operator", cancellation);
        using var signedIn = new FormBrowser(hub);
        Assert.Equal("/", await signedIn.SignInAsync("eve", password, cancellation));

        // Two wrong ones and a right one: forgotten. Then three wrong ones: locked.
        using var guessing = new FormBrowser(hub);
        foreach (var guess in new[] { "wrong", "wrong", password })
            await guessing.SignInAsync("eve", guess, cancellation);
        foreach (var guess in new[] { "wrong", "wrong", "wrong", password })
            Assert.Equal("/sign-in?wrong=1", await guessing.SignInAsync("eve", guess, cancellation));
        Assert.Equal("/sign-in?wrong=1", await guessing.SignInAsync("nobody", "wrong", cancellation));

        // Who was signed in stays so.
        Assert.Equal(HttpStatusCode.OK, await signedIn.StatusAsync("api/spaces", cancellation));
        Assert.StartsWith("2", await LockedUntilAsync(hub, "eve", cancellation), StringComparison.Ordinal);

        // Many at the same moment get no more tries than one after the other.
        await hub.AddUserAsync("max", "operator", cancellation);
        var attempts = Enumerable.Range(0, 20).Select(async n =>
        {
            using var browser = new FormBrowser(hub);
            return await browser.SignInAsync("max", $"guess {n}", cancellation);
        });
        // A busy machine may turn some away before it has looked.
        Assert.All(await Task.WhenAll(attempts), to => Assert.Contains(to, (string[])["/sign-in?wrong=1", "ServiceUnavailable"]));
        Assert.StartsWith("2", await LockedUntilAsync(hub, "max", cancellation), StringComparison.Ordinal);

        await hub.KillAsync();
        await hub.StartAgainAsync(cancellation);
        Assert.Equal("/sign-in?wrong=1", await guessing.SignInAsync("eve", password, cancellation));

        // An administrator's reset opens it at once.
        var anew = await hub.Command(["users", "reset", "eve"], cancellation);
        Assert.Equal("/", await guessing.SignInAsync("eve", anew, cancellation));
        Assert.Null(await LockedUntilAsync(hub, "eve", cancellation));
    }

    [Fact]
    public async Task The_lock_ends_by_itself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await StartAsync(folder, 1, 2, cancellation);
        var password = await hub.AddUserAsync("eve", "operator", cancellation);
        using var browser = new FormBrowser(hub);
        Assert.Equal("/sign-in?wrong=1", await browser.SignInAsync("eve", "wrong", cancellation));
        await Waiting.UntilAsync("the lock has ended", async () => await browser.SignInAsync("eve", password, cancellation) == "/", TimeSpan.FromSeconds(60), cancellation);
    }

    private static async Task<string?> LockedUntilAsync(HubUnderTest hub, string user, CancellationToken cancellation)
    {
        using var admin = hub.Client();
        var accounts = await admin.GetFromJsonAsync<JsonElement>("api/accounts", cancellation);
        return accounts.EnumerateArray().Single(account => account.GetProperty("user").GetString() == user).GetProperty("lockedUntil").GetString();
    }

    private static Task<HubUnderTest> StartAsync(TemporaryFolder folder, int wrongMax, int lockSeconds, CancellationToken cancellation) => HubUnderTest.StartAsync(
        folder.File("data"),
        ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 2))],
        cancellation,
        environment: new Dictionary<string, string>
        {
            ["MONITORING__Silo__Accounts__WrongPasswordsMax"] = $"{wrongMax}",
            ["MONITORING__Silo__Accounts__LockSeconds"] = $"{lockSeconds}",
            ["MONITORING__Dashboard__SignIn__AttemptsMax"] = "1000",
        });
}
