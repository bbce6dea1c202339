using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Alarms;
using Monitoring.Domain;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.History;

/// <summary>The alarms of the last 30 days, asked of those who own them. They are live domain: no copy of the history has any.</summary>
internal static class AlarmHistory
{
    /// <summary><c>GET /api/history/{space}/alarms</c>: for the control room, since many of them tell of passages. Where no beginning is named it goes as far back as alarms that are over are kept.</summary>
    public static async Task<IResult> OfSpaceAsync(string space, string? from, string? to, HttpContext context, SiteSpaces sites, AlarmReader reader, HubClock clock, IGrainFactory grains, CancellationToken cancellation)
    {
        var known = AuditRefusals.Hides(context, space) ? null : (await sites.GetAsync(cancellation))?.Spaces.FirstOrDefault(known => known.Id == space);
        if (known is null)
            return ProblemAnswers.NotFound("The site has no such space");
        var end = to is null ? clock.Kind == ClockKind.Wall ? clock.Now : await grains.GetGrain<IClockGrain>(0).GetAsync().WaitAsync(cancellation) : HistoryRequest.InstantOf(to);
        var begin = from is not null ? HistoryRequest.InstantOf(from) : end - DateTimeOffset.MinValue > Alarm.KeptFor ? end - Alarm.KeptFor : DateTimeOffset.MinValue;
        if (begin is null || end is null || begin >= end)
            return HistoryAnswers.Invalid("not-well-formed", "The range is empty or not well formed", "from, to: instants of ISO 8601 with Z or an offset, from before to; without them the last 30 days.");
        return TypedResults.Ok(await reader.GetOfSpanAsync(context.User, known, begin.Value, end.Value, cancellation));
    }

    /// <summary>Alarms about one device itself; none that compares counts.</summary>
    public static async Task<IReadOnlyList<Alarm>> OfDeviceAsync(this AlarmReader reader, PublicSpace space, string device, DateTimeOffset from, DateTimeOffset to, HttpContext context, CancellationToken cancellation) =>
        [.. (await reader.GetOfSpanAsync(context.User, space, from, to, cancellation)).Where(alarm => alarm.Subject == device && !AlarmRule.ComparesCounts(alarm.Rule))];
}
