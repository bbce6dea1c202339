using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Where the hub's clock stands.</summary>
/// <param name="Now">Instant, UTC.</param>
/// <param name="Clock"><c>wall</c> or <c>replay</c>.</param>
internal sealed record ClockView(DateTimeOffset Now, string Clock);

/// <summary>Where a replay wants the clock.</summary>
/// <param name="To">Instant; an older one than now moves nothing.</param>
internal sealed record ClockMove(DateTimeOffset? To);

/// <summary><c>/api/clock</c>. Moving it exists only on a hub whose clock is a replay's.</summary>
internal static class ClockApi
{
    // Further away than any recording: a slip of the pen would freeze the hub there, since its clock never goes back.
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void MapClock(this IEndpointRouteBuilder api)
    {
        api.MapGet("/clock", GetAsync).WithTags("Clock").WithSummary("The hub's clock").RequireAuthorization(Policies.SignedIn);
        if (api.ServiceProvider.GetRequiredService<HubClock>().Kind == ClockKind.Replay)
            api.MapPost("/clock", MoveAsync).WithTags("Clock").WithSummary("Moves the clock of a replay").Produces<ClockView>().RequireAuthorization(Policies.Administration);
    }

    private static async Task<ClockView> GetAsync(HubClock clock, IGrainFactory grains, CancellationToken cancellation) =>
        clock.Kind == ClockKind.Wall ? new(clock.Now, "wall") : new(await grains.GetGrain<IClockGrain>(0).GetAsync().WaitAsync(cancellation), "replay");

    private static async Task<IResult> MoveAsync(ClockMove move, HubClock clock, IGrainFactory grains)
    {
        if (move.To is not { } to || to < DateTimeOffset.UnixEpoch || to > Latest)
            return ProblemAnswers.Invalid("The instant to move to is missing or out of range", "Send {\"to\":\"2024-08-01T00:00:00Z\"}, between 1970 and 2200.");
        var now = await grains.GetGrain<IClockGrain>(0).AdvanceAsync(to.ToUniversalTime());
        clock.MoveTo(now);
        return TypedResults.Ok(new ClockView(now, "replay"));
    }
}
