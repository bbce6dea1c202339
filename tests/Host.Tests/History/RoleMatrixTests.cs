using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>A-10: every route of the hub, taken from its route table, with each of the six roles and nobody, against a table that is written here by hand and not taken from the code.</summary>
public sealed class RoleMatrixTests
{
    private const string Everybody = "operator supervisor technician analyst dpo admin";
    private const string Anyone = "nobody " + Everybody;
    private const string ControlRoom = "operator supervisor";
    private const string Readers = "operator supervisor technician analyst dpo";

    /// <summary>Method and route, and who is let in.</summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        ["GET /api/spaces"] = ControlRoom,
        ["GET /api/spaces/{id}"] = ControlRoom,
        ["GET /api/spaces/{id}/live"] = ControlRoom,
        ["GET /api/spaces/{id}/recent"] = ControlRoom,
        ["PUT /api/spaces/{id}/thresholds"] = "supervisor",
        ["GET /api/alarms"] = "operator supervisor technician",
        ["POST /api/alarms/{id}/acknowledge"] = ControlRoom,
        ["GET /api/devices"] = "operator supervisor technician admin",
        ["GET /api/devices/{id}"] = "operator supervisor technician admin",
        ["GET /api/devices/pending"] = "technician admin",
        ["POST /api/devices/pending/{id}/adopt"] = "technician admin",
        ["GET /api/site"] = "admin",
        ["GET /api/intake"] = "admin",
        ["GET /api/intake/rejected"] = "technician admin",
        ["GET /api/clock"] = Everybody,
        ["POST /api/clock"] = "admin",
        ["GET /api/accounts"] = "admin",
        ["POST /api/accounts"] = "admin",
        ["POST /api/accounts/{user}/scope"] = "admin",
        ["POST /api/accounts/{user}/disable"] = "admin",
        ["POST /api/accounts/{user}/enable"] = "admin",
        ["POST /api/accounts/{user}/reset"] = "admin",
        ["POST /api/accounts/{user}/tokens"] = "admin",
        ["DELETE /api/accounts/{user}/tokens/{name}"] = "admin",
        ["GET /api/audit"] = "admin",
        ["GET /api/history/dictionary"] = Readers,
        ["GET /api/history/copies"] = "admin",
        ["POST /api/history/copies/rebuild"] = "admin",
        ["GET /api/history/devices/{id}"] = "technician",
        ["GET /api/history/{space}"] = Readers,
        ["GET /api/history/{space}/alarms"] = ControlRoom,
        ["GET /api/history/{space}/{series}"] = Readers,
        ["GET /api/history/{space}/{series}/week"] = Readers,
        ["POST /api/history/{space}/days/{day}/withdraw"] = "dpo admin",
        ["GET /api/privacy/{space}"] = Anyone,
        ["GET /privacy/{space}"] = Anyone,
        ["GET /open-data"] = Anyone,
        ["GET /open-data/{space}"] = Anyone,
        ["GET /open-data/{space}/level"] = Anyone,
        ["GET /open-data/{space}/{series}.json"] = Anyone,
        ["GET /open-data/{space}/{series}.csv"] = Anyone,
        ["GET /ngsi-ld/v1/entities"] = Anyone,
        ["GET /health/live"] = Anyone,
        ["GET /health/ready"] = Anyone,
        ["GET /openapi/{documentName}.json"] = Everybody,
        ["POST /session"] = Anyone,
        ["GET /session/oidc"] = Anyone,
        ["POST /session/passkey/begin"] = Anyone,
        ["POST /session/passkey"] = Anyone,
        ["POST /session/end"] = Everybody,
        ["POST /setup"] = Anyone,
        ["POST /account/password"] = Everybody,
        ["POST /account/sessions/end"] = Everybody,
        ["POST /account/passkeys/begin"] = Everybody,
        ["POST /account/passkeys"] = Everybody,
        ["POST /account/passkeys/remove"] = Everybody,
        ["* /"] = Everybody,
        ["* /spaces/{Id}"] = ControlRoom,
        ["* /alarms"] = "operator supervisor technician",
        ["* /history"] = Readers,
        ["* /equipment"] = "operator supervisor technician admin",
        ["* /equipment/{id}"] = "operator supervisor technician admin",
        ["* /administration"] = "admin",
        ["* /account"] = Everybody,
        ["* /sign-in"] = Anyone,
        ["* /setup"] = Anyone,
        ["* {*path}"] = Everybody,
    };

    /// <summary>What the framework adds; matched by the beginning of the route.</summary>
    private static readonly (string Start, string LetIn)[] Framework =
    [
        ("/_blazor", Everybody),
        ("/_framework/opaque-redirect", Everybody),
        ("/_framework/", Anyone),
        ("/_content/", Anyone),
        ("/{**path:file}", Anyone),
    ];

    [Fact]
    public async Task A10_Every_route_lets_in_the_roles_of_the_table_and_nobody_else()
    {
        using var temporary = new TemporaryFolder();
        var settings = new HubSettings { Roles = [HubRole.Silo, HubRole.Gateway, HubRole.Dashboard], Data = temporary.File("data"), Urls = "http://127.0.0.1:0", Clock = ClockKind.Replay };
        using var folder = DataFolder.Open(settings.Data, settings.Roles, settings.Clock);
        await using var hub = HubProcess.Build(settings, new ConfigurationManager(), folder);
        var found = new HashSet<string>();
        var problems = new List<string>();
        foreach (var endpoint in ((IEndpointRouteBuilder)hub).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])
            {
                var route = $"{method} {endpoint.RoutePattern.RawText}";
                var actual = string.Join(' ', await LetInAsync(hub.Services, endpoint));
                found.Add(NameOf(method, endpoint));
                if (Expected(method, endpoint) is not { } expected)
                    problems.Add($"{route} stands in no table: it lets in {actual}");
                else if (actual != expected)
                    problems.Add($"{route} lets in {actual}, the table says {expected}");
            }
        }

        problems.AddRange(Table.Keys.Except(found).Select(route => $"{route} stands in the table and is not there"));
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    private static string? Expected(string method, RouteEndpoint endpoint)
    {
        if (Table.TryGetValue(NameOf(method, endpoint), out var letIn))
            return letIn;
        return Framework.FirstOrDefault(known => (endpoint.RoutePattern.RawText ?? "").StartsWith(known.Start, StringComparison.Ordinal)).LetIn;
    }

    // Pages answer GET and POST; in the table a route of any method is a star.
    private static string NameOf(string method, RouteEndpoint endpoint)
    {
        var pattern = endpoint.RoutePattern.RawText ?? "";
        var path = pattern.StartsWith('/') || pattern.StartsWith('{') ? pattern : $"/{pattern}";
        // Whoever may have an answer may have its head, and nobody else.
        method = method == "HEAD" ? "GET" : method;
        path = path.Length > 1 ? path.TrimEnd('/') : path;
        var exact = $"{method} {path}";
        return Table.ContainsKey(exact) && !IsPage(endpoint) ? exact : Table.ContainsKey($"* {path}") ? $"* {path}" : exact;
    }

    private static bool IsPage(RouteEndpoint endpoint) => endpoint.Metadata.Any(data => data.GetType().Name == "ComponentTypeMetadata");

    private static async Task<IEnumerable<string>> LetInAsync(IServiceProvider services, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || (!endpoint.Metadata.OfType<IAuthorizeData>().Any() && endpoint.RoutePattern.RawText is "/health/live" or "/health/ready"))
            return Anyone.Split(' ');
        var policies = services.GetRequiredService<IAuthorizationPolicyProvider>();
        var authorization = services.GetRequiredService<IAuthorizationService>();
        var policy = await AuthorizationPolicy.CombineAsync(policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()) ?? await policies.GetFallbackPolicyAsync();
        var letIn = new List<string>();
        foreach (var who in Anyone.Split(' '))
        {
            if (policy is null || (await authorization.AuthorizeAsync(PersonOf(who), endpoint, policy)).Succeeded)
                letIn.Add(who);
        }

        return letIn;
    }

    // At a browser, since the own account is not for tokens.
    private static ClaimsPrincipal PersonOf(string who) =>
        who == "nobody" ? new ClaimsPrincipal(new ClaimsIdentity()) : new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, who), new Claim(ClaimTypes.Role, Enum.GetValues<Role>().Single(role => role.ToName() == who).ToName())], SessionCookie.Scheme));
}
