using Monitoring.Domain.Accounts;

namespace Monitoring.Domain.Alarms;

/// <summary>A saved row that holds alarms, and what people did with them until the audit has it.</summary>
public interface IAlarmRow
{
    /// <summary>The alarms.</summary>
    AlarmBook Alarms { get; }

    /// <summary>What people did here that the audit does not have yet, oldest first: saved with what they did, so that neither is lost without the other.</summary>
    List<AuditNote> Unaudited { get; }

    /// <summary>Number of the newest note to the audit: makes each of them its own.</summary>
    long LastNote { get; set; }
}
