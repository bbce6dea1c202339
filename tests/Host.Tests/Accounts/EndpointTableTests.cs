using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>Deny by default: an endpoint that stands in no table, or carries no policy, fails here.</summary>
public sealed class EndpointTableTests
{
    /// <summary>What anyone may call.</summary>
    private static readonly string[] Open = ["/health/live", "/health/ready"];

    [Theory]
    [InlineData(ClockKind.Wall)]
    [InlineData(ClockKind.Replay)]
    public async Task Every_endpoint_of_the_hub_stands_in_the_role_table_with_its_policy(ClockKind clock)
    {
        using var temporary = new TemporaryFolder();
        var settings = new HubSettings { Roles = [HubRole.Silo, HubRole.Gateway, HubRole.Dashboard], Data = temporary.File("data"), Urls = "http://127.0.0.1:0", Clock = clock };
        using var folder = DataFolder.Open(settings.Data, settings.Roles, clock);
        await using var hub = HubProcess.Build(settings, new ConfigurationManager(), folder);
        var endpoints = ((IEndpointRouteBuilder)hub).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        Assert.NotEmpty(endpoints);

        var problems = Problems(endpoints.Where(endpoint => !Open.Contains(endpoint.RoutePattern.RawText))).ToList();
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    [Fact]
    public void An_endpoint_that_is_in_no_table_is_found()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.MapGet("/api/forgotten", () => "x").RequireAuthorization(Policies.SignedIn);
        app.MapGet("/api/spaces", () => "x");
        app.MapGet("/api/devices", () => "x").WithMetadata(new AllowAnonymousAttribute());
        var problems = Problems(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()).ToList();
        Assert.Equal(3, problems.Count);
    }

    private static IEnumerable<string> Problems(IEnumerable<RouteEndpoint> endpoints) =>
        from endpoint in endpoints
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]
        let problem = Problem(method, endpoint)
        where problem is not null
        select problem;

    private static string? Problem(string method, RouteEndpoint endpoint)
    {
        var pattern = endpoint.RoutePattern.RawText ?? "";
        if (EndpointRoles.Find(method, pattern) is not { } role)
            return $"{method} {pattern} stands in no table: enter it in EndpointRoles with its policy";
        var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).ToList();
        var open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        // Every page is for those who have signed in; one that names more asks for both.
        var carries = open ? null : policies.LastOrDefault(policy => policy != Policies.SignedIn) ?? policies.LastOrDefault() ?? "nothing";
        return carries == role.Policy ? null : $"{method} {pattern} carries {carries ?? "anyone"}, the table says {role.Policy ?? "anyone"}";
    }
}
