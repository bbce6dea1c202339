using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Monitoring.Contracts.Intake;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Alarms;

/// <summary>An acknowledgement.</summary>
/// <param name="Note">A note, at most 500 characters; may be left out.</param>
internal sealed record AcknowledgeRequest(string? Note);

/// <summary><c>/api/alarms</c>: the alarms of all spaces in scope, and of the way in, asked of those who own them; and taking one.</summary>
internal static class AlarmsApi
{
    private const string Active = "active";

    private static readonly Dictionary<string, AlarmState> States = Enum.GetValues<AlarmState>().ToDictionary(state => char.ToLowerInvariant(state.ToString()[0]) + state.ToString()[1..]);

    public static void MapAlarms(this IEndpointRouteBuilder api)
    {
        var alarms = api.MapGroup("/alarms").WithTags("Alarms");
        alarms.MapGet("", ListAsync).WithSummary("Alarms: active ones, or of one state; those that are over for 30 days").Produces<IReadOnlyList<Alarm>>().RequireAuthorization(Policies.Alarms);
        alarms.MapPost("/{id}/acknowledge", AcknowledgeAsync).WithSummary("Takes an alarm; the first wins, the second is told who and when").Produces<Alarm>().ProducesProblem(StatusCodes.Status409Conflict).RequireAuthorization(Policies.LiveSpaces);
    }

    private static async Task<IResult> ListAsync(string? state, string? space, DateTimeOffset? before, int? max, HttpContext context, SiteSpaces sites, AlarmReader reader, CancellationToken cancellation)
    {
        if (state is not (null or Active) && !States.ContainsKey(state))
            return ProblemAnswers.Invalid("There is no such state", $"state: active, or one of {string.Join(", ", States.Keys)}.");
        if (max is < 1 or > AlarmReader.OverMax)
            return ProblemAnswers.Invalid("That is too many, or none", $"max: 1 to {AlarmReader.OverMax}.");
        if (space is not null && AuditRefusals.Hides(context, space))
            return NoSpace();
        var user = context.User;
        var spaces = ((await sites.GetAsync(cancellation))?.Spaces ?? []).Where(known => user.Sees(known.Id) && (space is null || known.Id == space)).ToList();
        if (space is not null && spaces.Count == 0)
            return NoSpace();
        var wanted = state is null or Active ? (AlarmState?)null : States[state];
        if (wanted == AlarmState.Closed)
            return TypedResults.Ok(await reader.GetOverAsync(user, spaces, space is null, before, max ?? AlarmReader.OverDefault, cancellation));
        return TypedResults.Ok((await reader.GetOpenAsync(user, spaces, space is null, cancellation)).Where(alarm => wanted is null || alarm.State == wanted));
    }

    private static async Task<IResult> AcknowledgeAsync(string id, AcknowledgeRequest? request, HttpContext context, AlarmTaking taking, CancellationToken cancellation)
    {
        if (AlarmTaking.SpaceOf(id) is not IntakeAlarms.Owner and var space && AuditRefusals.Hides(context, space))
            return NoAlarm();
        var answer = await taking.TakeAsync(context.User, id, request?.Note, cancellation);
        return answer switch
        {
            { Outcome: TakeOutcome.Taken, Alarm: { } alarm } => TypedResults.Ok(alarm),
            { Outcome: TakeOutcome.TakenBefore, Alarm: { } alarm } => Taken(alarm),
            { Outcome: TakeOutcome.NoteTooLong } => ProblemAnswers.Invalid("The note is too long", $"note: at most {Alarm.NoteCharsMax} characters."),
            _ => NoAlarm(),
        };
    }

    private static ProblemHttpResult Taken(Alarm alarm) => TypedResults.Problem(
        $"{alarm.AcknowledgedBy} took it at {alarm.AcknowledgedAt:O}.",
        statusCode: StatusCodes.Status409Conflict,
        title: "Another was first",
        extensions: new Dictionary<string, object?> { ["acknowledgedBy"] = alarm.AcknowledgedBy, ["acknowledgedAt"] = alarm.AcknowledgedAt });

    private static ProblemHttpResult NoSpace() => ProblemAnswers.NotFound("The site has no such space");

    private static ProblemHttpResult NoAlarm() => ProblemAnswers.NotFound("There is no such alarm");
}
