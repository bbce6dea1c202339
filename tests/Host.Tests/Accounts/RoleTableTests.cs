using System.Net;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>Who may see what, asked of a running hub with a token of each role.</summary>
[Collection(SampleCityTests.Name)]
public sealed class RoleTableTests(RunningCity city)
{
    private static readonly string[] Roles = ["operator", "supervisor", "technician", "analyst", "dpo", "admin"];

    /// <summary>Route, and for each role of <see cref="Roles"/> whether it is let in.</summary>
    private static readonly (string Route, bool[] LetIn)[] Table =
    [
        ("api/spaces", [true, true, false, false, false, false]),
        ("api/spaces/nice-massena", [true, true, false, false, false, false]),
        ("api/spaces/nice-massena/live", [true, true, false, false, false, false]),
        ("api/spaces/nice-massena/recent", [true, true, false, false, false, false]),
        ("api/alarms", [true, true, true, false, false, false]),
        ("api/devices", [true, true, true, false, false, true]),
        ("api/devices/pending", [false, false, true, false, false, true]),
        ("api/site", [false, false, false, false, false, true]),
        ("api/intake", [false, false, false, false, false, true]),
        ("api/intake/rejected", [false, false, true, false, false, true]),
        ("api/history/nice-massena", [true, true, true, true, true, false]),
        ("api/history/dictionary", [true, true, true, true, true, false]),
        ("api/history/copies", [false, false, false, false, false, true]),
        ("api/accounts", [false, false, false, false, false, true]),
        ("openapi/v1.json", [true, true, true, true, true, true]),
    ];

    [Fact]
    public async Task Each_role_gets_its_routes_and_no_other()
    {
        var cancellation = TestContext.Current.CancellationToken;
        for (var i = 0; i < Roles.Length; i++)
        {
            using var http = city.Hub.Client(Roles[i]);
            foreach (var (route, letIn) in Table)
            {
                using var answer = await http.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
                Assert.True(answer.StatusCode == (letIn[i] ? HttpStatusCode.OK : HttpStatusCode.Forbidden), $"{Roles[i]} {route}: {answer.StatusCode}");
            }
        }

        using var nobody = new HttpClient { BaseAddress = city.Hub.Address };
        foreach (var route in Table.Select(row => row.Route).Append("metrics"))
        {
            using var answer = await nobody.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"nobody {route}: {answer.StatusCode}");
        }

        foreach (var route in (string[])["api/privacy/nice-massena", "privacy/nice-massena", "open-data/nice-massena", "open-data/nice-massena/level"])
        {
            using var answer = await nobody.GetAsync(new Uri(route, UriKind.Relative), cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"nobody {route}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Technicians_see_devices_without_the_time_of_the_last_count()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var technician = city.Hub.Client("technician");
        Assert.DoesNotContain("measurementAt", await technician.GetStringAsync("api/devices", cancellation), StringComparison.OrdinalIgnoreCase);
        using var watching = city.Hub.Client("operator");
        Assert.Contains("measurementAt", await watching.GetStringAsync("api/devices", cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_token_and_a_disabled_account_open_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await city.Hub.Command(["users", "add", "una", "--role", "operator"], cancellation);
        var first = await city.Hub.Command(["tokens", "add", "una", "one"], cancellation);
        var second = await city.Hub.Command(["tokens", "add", "una", "two"], cancellation);

        await city.Hub.Command(["tokens", "revoke", "una", "one"], cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(city.Hub, first, cancellation));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(city.Hub, second, cancellation));

        await city.Hub.Command(["users", "disable", "una"], cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(city.Hub, second, cancellation));
        Assert.Contains("una\toperator\tdisabled", await city.Hub.Command(["users", "list"], cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_open_with_their_own_token_and_tell_no_passages()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = city.Hub.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(city.Hub.Data, "metrics-token"), cancellation)).Trim());
        var text = await http.GetStringAsync("metrics", cancellation);
        Assert.Contains("monitoring_", text, StringComparison.Ordinal);
        Assert.DoesNotContain("orleans", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("nice-massena", text, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HubUnderTest hub, string token, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = hub.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await http.GetAsync(new Uri("api/spaces", UriKind.Relative), cancellation);
        return answer.StatusCode;
    }
}
