using System.Security.Claims;
using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Intake;
using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Alarms;

/// <summary>What became of the wish to take an alarm.</summary>
internal enum TakeOutcome
{
    /// <summary>This call took it, and that is stored.</summary>
    Taken,

    /// <summary>Another was first.</summary>
    TakenBefore,

    /// <summary>There is no such alarm.</summary>
    Unknown,

    /// <summary>It would be an alarm of a space outside the person's scope: to them it is not there.</summary>
    OutOfScope,

    /// <summary>The note is over <see cref="Alarm.NoteCharsMax"/>.</summary>
    NoteTooLong,

    /// <summary>The role takes no alarms.</summary>
    NotAllowed,
}

/// <summary>The answer to a person who took an alarm.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Alarm">The alarm as it is now, where it was taken by anybody.</param>
internal sealed record TakeAnswer(TakeOutcome Outcome, Alarm? Alarm = null);

/// <summary>A person takes an alarm: the same rules for the page and for the API.</summary>
internal sealed class AlarmTaking(SiteSpaces sites, IGrainFactory grains, AuditRefusals refusals)
{
    /// <summary>What stands in the audit log where a page was refused: it has no route of its own.</summary>
    public const string OnPage = "take an alarm on a page";

    /// <summary>The space that an alarm's id names; empty where it names none.</summary>
    public static string SpaceOf(string id) => id[..Math.Max(0, id.LastIndexOf('.'))];

    /// <summary>As <see cref="TakeAsync"/>, for an open page: there is no request whose answer could be counted, so a refusal is counted here.</summary>
    /// <exception cref="NotStoredException">It could not be stored and was not done.</exception>
    public async Task<TakeAnswer> TakeOnPageAsync(ClaimsPrincipal user, string id, string? note, CancellationToken cancellation)
    {
        var answer = await TakeAsync(user, id, note, cancellation);
        if (answer.Outcome is TakeOutcome.NotAllowed or TakeOutcome.OutOfScope)
            refusals.Count("denied", user.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : AuditRefusals.Anonymous, OnPage);
        return answer;
    }

    /// <summary>Takes an alarm in the name of the person; the first wins.</summary>
    /// <exception cref="NotStoredException">It could not be stored and was not done.</exception>
    public async Task<TakeAnswer> TakeAsync(ClaimsPrincipal user, string id, string? note, CancellationToken cancellation)
    {
        if (user.Identity?.Name is not { Length: > 0 } name || user.RoleOf() is not { } role || !Policies.Roles[Policies.LiveSpaces].Contains(role))
            return new(TakeOutcome.NotAllowed);
        var text = note?.Trim() ?? "";
        if (text.Length > Alarm.NoteCharsMax)
            return new(TakeOutcome.NoteTooLong);
        var space = SpaceOf(id);
        if (space == IntakeAlarms.Owner)
            return await TakeOfIntakeAsync(user, name, id, text, cancellation);
        if (!user.Sees(space))
            return new(TakeOutcome.OutOfScope);

        // Only spaces of the site are asked: a grain would come to life for any name.
        if ((await sites.GetAsync(cancellation))?.Spaces.Any(known => known.Id == space) is not true)
            return new(TakeOutcome.Unknown);
        return Told(await grains.GetGrain<ISpaceGrain>(space).AcknowledgeAsync(id, name, text).WaitAsync(cancellation));
    }

    // The id does not name the space of a device: the alarm itself does.
    private async Task<TakeAnswer> TakeOfIntakeAsync(ClaimsPrincipal user, string name, string id, string text, CancellationToken cancellation)
    {
        var intake = grains.GetGrain<IIntakeAlarmsGrain>(0);
        var known = Alarm.FromBytes(await intake.GetOpenAsync().WaitAsync(cancellation)).Concat(Alarm.FromBytes(await intake.GetOverAsync(null, AlarmReader.OverMax).WaitAsync(cancellation)));
        if (known.FirstOrDefault(alarm => alarm.Id == id) is not { } alarm)
            return new(TakeOutcome.Unknown);
        return user.SeesAlarm(alarm) ? Told(await intake.AcknowledgeAsync(id, name, text).WaitAsync(cancellation)) : new(TakeOutcome.OutOfScope);
    }

    private static TakeAnswer Told(AcknowledgeAnswer answer) => answer.Outcome switch
    {
        AcknowledgeOutcome.Taken => new(TakeOutcome.Taken, Alarm.FromBytes(answer.Alarm)[0]),
        AcknowledgeOutcome.TakenBefore => new(TakeOutcome.TakenBefore, Alarm.FromBytes(answer.Alarm)[0]),
        _ => new(TakeOutcome.Unknown),
    };
}
