using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Contracts.Accounts;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Accounts;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>An account that is limited to some spaces learns nothing of the others, not even that they are there.</summary>
[Collection(SampleCityTests.Name)]
public sealed class ScopeTests(RunningCity city)
{
    private const string Mine = "nice-massena";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    [Fact]
    public void Without_a_scope_every_space_is_seen_with_one_only_its_own_and_a_stranger_sees_none()
    {
        var account = new Account("a", Role.Operator, "", "s", Disabled: false);
        Assert.True(HubClaims.Of(account, "test").Sees("x"));
        Assert.True(HubClaims.Of(account with { Spaces = ["x", "y"] }, "test").Sees("y"));
        Assert.False(HubClaims.Of(account with { Spaces = ["x", "y"] }, "test").Sees("z"));
        Assert.False(new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity()).Sees("x"));
    }

    [Fact]
    public async Task Spaces_streams_devices_and_refusals_outside_the_scope_are_not_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var all = city.Hub.Client("operator");
        var ids = (await all.GetFromJsonAsync<JsonElement>("api/spaces", cancellation)).EnumerateArray().Select(space => space.GetProperty("id").GetString()!).ToList();
        var other = ids.First(id => id != Mine);
        var foreign = (await all.GetFromJsonAsync<JsonElement>("api/devices", cancellation)).EnumerateArray().First(device => device.GetProperty("space").GetString() == other).GetProperty("id").GetString()!;

        using var scoped = await ScopedAsync(city.Hub, "eve", "operator", cancellation);
        var spaces = await scoped.GetFromJsonAsync<JsonElement>("api/spaces", cancellation);
        Assert.Equal(Mine, Assert.Single(spaces.EnumerateArray()).GetProperty("id").GetString());
        Assert.All((await scoped.GetFromJsonAsync<JsonElement>("api/devices", cancellation)).EnumerateArray(), device => Assert.Equal(Mine, device.GetProperty("space").GetString()));
        foreach (var route in new[] { $"api/spaces/{other}", $"api/spaces/{other}/live", $"api/devices/{foreign}" })
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(scoped, route, cancellation));
        foreach (var route in new[] { $"api/spaces/{Mine}", $"api/spaces/{Mine}/live" })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(scoped, route, cancellation));

        // One word for both: what is not there, and what is not theirs.
        using var missing = await scoped.GetAsync(new Uri("api/spaces/no-such-space", UriKind.Relative), cancellation);
        using var hidden = await scoped.GetAsync(new Uri($"api/spaces/{other}", UriKind.Relative), cancellation);
        Assert.Equal(Title(await missing.Content.ReadAsStringAsync(cancellation)), Title(await hidden.Content.ReadAsStringAsync(cancellation)));
    }

    [Fact]
    public async Task Each_way_to_ask_for_what_is_outside_the_scope_is_counted_as_a_refusal()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var other = await OtherAsync(city.Hub, cancellation);
        using var all = city.Hub.Client("operator");
        var foreign = (await all.GetFromJsonAsync<JsonElement>("api/devices", cancellation)).EnumerateArray().First(device => device.GetProperty("space").GetString() == other).GetProperty("id").GetString()!;
        using var scoped = await ScopedAsync(city.Hub, "eva", "supervisor", cancellation);
        string[] routes = [$"api/spaces/{other}", $"api/alarms?space={other}", $"api/devices/{foreign}", $"spaces/{other}", $"equipment/{foreign}"];
        foreach (var route in routes)
            Assert.Equal((route, HttpStatusCode.NotFound), (route, await StatusAsync(scoped, route, cancellation)));
        using var threshold = await scoped.PutAsJsonAsync($"api/spaces/{other}/thresholds", new { rule = "density", on = 3.5, until = "2026-11-22T23:00:00Z", reason = "match" }, cancellation);
        Assert.Equal(HttpStatusCode.NotFound, threshold.StatusCode);
        using var taken = await scoped.PostAsJsonAsync($"api/alarms/{other}.density-1/acknowledge", new { }, cancellation);
        Assert.Equal(HttpStatusCode.NotFound, taken.StatusCode);

        // What is counted is written when the minute is over, and at the end.
        Assert.Equal(0, await city.Hub.StopAsync(cancellation));
        await city.Hub.StartAgainAsync(cancellation);
        using var admin = city.Hub.Client("admin");
        var denied = (await admin.GetFromJsonAsync<JsonElement>("api/audit?max=500", cancellation)).GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("kind").GetString() == "denied" && entry.GetProperty("who").GetString() == "eva").ToList();
        Assert.Equal(routes.Length + 2, denied.Sum(entry => int.Parse(entry.GetProperty("detail").GetString()!.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_refused_message_is_seen_by_whoever_sees_its_device()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var technician = city.Hub.Client("technician");
        using var mine = await ScopedAsync(city.Hub, "mine", "technician", cancellation);
        using var theirs = await city.Hub.NewClientAsync("theirs", "technician", cancellation, await OtherAsync(city.Hub, cancellation));
        var device = (await technician.GetFromJsonAsync<JsonElement>("api/devices", cancellation)).EnumerateArray()
            .First(device => device.GetProperty("space").GetString() == Mine && device.GetProperty("profile").GetString() == "native").GetProperty("id").GetString()!;
        var connection = JsonSerializer.Deserialize<DemoConnection[]>(await File.ReadAllTextAsync(Path.Combine(city.Hub.Data, "demo-devices.json"), cancellation), JsonSerializerOptions.Web)!
            .First(connection => connection.Topics.Contains($"equipment/{device}/readings"));
        await using (var publisher = await Publisher.ConnectAsync(city.Hub.Ports.Mqtt, connection.Connection, connection.Secret, cancellation))
            await publisher.PublishAsync($"equipment/{device}/readings", "not json", cancellation);

        await Waiting.UntilAsync("the refusal is listed", async () => (await mine.GetStringAsync("api/intake/rejected", cancellation)).Contains(device, StringComparison.Ordinal), Within, cancellation);
        Assert.Contains(device, await technician.GetStringAsync("api/intake/rejected", cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(device, await theirs.GetStringAsync("api/intake/rejected", cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_names_spaces_of_the_site_and_at_most_fifty()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var refused = await HubCommand.RunAsync(["users", "add", "mallory", "--role", "operator", "--spaces", "atlantis", "--data", city.Hub.Data], cancellation);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(Mine, refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("mallory", await city.Hub.Command(["users", "list"], cancellation), StringComparison.Ordinal);

        using var admin = city.Hub.Client();
        using var full = await admin.PostAsJsonAsync("api/accounts", new { user = "full", role = "operator", spaces = Enumerable.Repeat(Mine, 50) }, cancellation);
        Assert.Equal(HttpStatusCode.Created, full.StatusCode);
        using var over = await admin.PostAsJsonAsync("api/accounts", new { user = "over", role = "operator", spaces = Enumerable.Repeat(Mine, 51) }, cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, over.StatusCode);
        Assert.Contains($"full\toperator\tspaces {Mine}", await city.Hub.Command(["users", "list"], cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_scope_ends_an_open_stream_and_holds_for_the_next_one()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scoped = await ScopedAsync(city.Hub, "ida", "operator", cancellation);
        using var stream = await scoped.GetAsync(new Uri($"api/spaces/{Mine}/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        var ended = stream.Content.CopyToAsync(Stream.Null, cancellation);

        await city.Hub.Command(["users", "scope", "ida", "--spaces", await OtherAsync(city.Hub, cancellation)], cancellation);
        await ended.WaitAsync(Within, cancellation);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(scoped, $"api/spaces/{Mine}/live", cancellation));
    }

    private static Task<HttpClient> ScopedAsync(HubUnderTest hub, string user, string role, CancellationToken cancellation) =>
        hub.NewClientAsync(user, role, cancellation, Mine);

    private static async Task<string> OtherAsync(HubUnderTest hub, CancellationToken cancellation)
    {
        using var all = hub.Client("operator");
        return (await all.GetFromJsonAsync<JsonElement>("api/spaces", cancellation)).EnumerateArray().Select(space => space.GetProperty("id").GetString()!).First(id => id != Mine);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string route, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        return answer.StatusCode;
    }

    private static string? Title(string problem) => JsonSerializer.Deserialize<JsonElement>(problem).GetProperty("title").GetString();
}
