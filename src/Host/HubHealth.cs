using System.Text.Json;
using Monitoring.Contracts.History;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard;
using Monitoring.Domain.History;
using Monitoring.Gateway;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host;

/// <summary>Whether each role of this process can do its work.</summary>
internal sealed class HubHealth(HubSettings settings, IGrainFactory grains, IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>State of each role: null where it is ready, else what it waits for.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> AskAsync()
    {
        var roles = new Dictionary<string, string?>();
        if (settings.Has(HubRole.Silo))
            roles["silo"] = await AskSiloAsync();
        if (settings.Has(HubRole.Gateway))
            roles["gateway"] = services.GetRequiredService<GatewayHealth>().NotReadyBecause;
        if (settings.Has(HubRole.Dashboard))
            roles["dashboard"] = services.GetRequiredService<DashboardHealth>().NotReadyBecause;
        return roles;
    }

    /// <summary>What a person should see to although everything works.</summary>
    public async Task<IReadOnlyList<string>> WarningsAsync()
    {
        var warnings = new List<string>(settings.Has(HubRole.Gateway) ? services.GetRequiredService<GatewayHealth>().Warnings : []);
        if (settings.Has(HubRole.Silo))
            warnings.AddRange([.. services.GetRequiredService<ReleaseHealth>().Warnings, .. await CopiesAwayAsync()]);
        return warnings;
    }

    /// <summary>Waits until every role is ready. A gateway or dashboard alone waits for its silo.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        while ((await AskAsync()).Values.Any(waitsFor => waitsFor is not null))
            await Task.Delay(AskEvery, time, cancellation);
    }

    // Without what went wrong: anybody reads this, and it may name a server.
    private async Task<IEnumerable<string>> CopiesAwayAsync()
    {
        try
        {
            var copies = JsonSerializer.Deserialize<List<CopyStatus>>(await grains.GetGrain<IHistoryGrain>(0).CopiesAsync(), JsonSerializerOptions.Web)!;
            return copies.Where(copy => copy.Away is not null).Select(copy => copy.NeedsPerson
                ? $"history: '{copy.Copy}' is away and needs a person; the log says why"
                : $"history: '{copy.Copy}' is away; what is released is kept and copied later");
        }
        catch (Exception fault) when (fault is OrleansException or TimeoutException or OperationCanceledException)
        {
            return ["history: it does not answer"];
        }
    }

    private async Task<string?> AskSiloAsync()
    {
        try
        {
            if (await grains.GetGrain<ISiteGrain>(0).GetVersionAsync() == 0)
                return "no site is stored yet";
            if (settings.Has(HubRole.Gateway))
                await grains.GetGrain<IIntakeGrain>(0).GetCountersAsync();
            return null;
        }
        catch (GatewayAwayException)
        {
            return "the gateway has not entered itself yet";
        }
        catch (Exception fault) when (fault is OrleansException or TimeoutException or OperationCanceledException)
        {
            return "the silo does not answer";
        }
    }
}

/// <summary>The health routes.</summary>
internal static class HubHealthRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c> for anyone; monitors ask with GET or HEAD.</summary>
    public static void MapHubHealth(this WebApplication hub)
    {
        hub.MapMethods("/health/live", Methods, () => Results.Ok(new { status = "live" })).AllowAnonymous();
        hub.MapMethods("/health/ready", Methods, async (HubHealth health) =>
        {
            var roles = await health.AskAsync();
            var ready = roles.Values.All(waitsFor => waitsFor is null);
            return Results.Json(new { status = ready ? "ready" : "not ready", roles, warnings = await health.WarningsAsync() }, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous();
    }
}
