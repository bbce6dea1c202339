using System.Security.Claims;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Alarms;

/// <summary>Which alarms a person sees.</summary>
internal static class AlarmSight
{
    /// <summary>Whether an alarm is for this person: one that compares counts tells of passages, and is for the control room only.</summary>
    public static bool SeesAlarm(this ClaimsPrincipal user, Alarm alarm) =>
        user.Sees(alarm.Space) && (!AlarmRule.ComparesCounts(alarm.Rule) || user.RoleOf() is Role.Operator or Role.Supervisor);
}
