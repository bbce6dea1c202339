using System.Security.Claims;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Intake;

/// <summary>Which alarms a person sees.</summary>
internal static class AlarmSight
{
    /// <summary>Whether an alarm is for this person: one that compares counts tells of passages, and is for the control room only; one that names a device for statistics is not for the control room. One of the hub itself is for all who see alarms.</summary>
    public static bool SeesAlarm(this ClaimsPrincipal user, Alarm alarm) =>
        (alarm.Space.Length == 0 || user.Sees(alarm.Space)) && (user.RoleOf() is Role.Operator or Role.Supervisor ? !alarm.ForTechnicians : !AlarmRule.ComparesCounts(alarm.Rule));
}
