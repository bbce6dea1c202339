using Monitoring.Contracts.Alarms;

namespace Monitoring.Contracts.Intake;

/// <summary>Owns the alarms of the way in: of journals, of spaces that do not save, of devices that take more than their share. Key: 0.</summary>
[GrainInterfaceType("intake-alarms"), Alias("intake-alarms")]
public interface IIntakeAlarmsGrain : IGrainWithIntegerKey
{
    /// <summary>A gateway says what holds with it now; what it said before and does not say again is over.</summary>
    /// <param name="gateway">Name of the gateway.</param>
    /// <param name="journal">Id of its journal: another one than before is entered in the audit log.</param>
    /// <param name="conditions">All that holds, at most <see cref="IntakeAlarms.ConditionsMax"/>.</param>
    /// <param name="unknown">Rules of which the gateway cannot say now whether they hold, such as soon after its start: what it said of them before stands.</param>
    [Alias("report")]
    Task ReportAsync(string gateway, Guid journal, IReadOnlyList<IntakeCondition> conditions, IReadOnlyList<string> unknown);

    /// <summary>Alarms that are not over, most urgent first.</summary>
    /// <returns>UTF-8 JSON of a list of alarms.</returns>
    [Alias("alarms")]
    Task<byte[]> GetOpenAsync();

    /// <summary>Alarms that are over, newest first.</summary>
    /// <param name="before">Only what was over before; null for the newest.</param>
    /// <param name="max">How many, 1 or more.</param>
    /// <returns>UTF-8 JSON of a list of alarms.</returns>
    [Alias("alarms-over")]
    Task<byte[]> GetOverAsync(DateTimeOffset? before, int max);

    /// <summary>A person takes an alarm; the first wins.</summary>
    /// <param name="alarm">Id of the alarm.</param>
    /// <param name="by">Name of the person.</param>
    /// <param name="note">A note, at most 500 characters; empty for none.</param>
    /// <exception cref="Spaces.NotStoredException">It could not be stored and was not done.</exception>
    [Alias("acknowledge")]
    Task<AcknowledgeAnswer> AcknowledgeAsync(string alarm, string by, string note);
}

/// <summary>Limits and names of the alarms of the way in.</summary>
public static class IntakeAlarms
{
    /// <summary>Begins the ids of these alarms, where the id of a space begins the others. No space can be called so.</summary>
    public const string Owner = "_intake";

    /// <summary>Most conditions that one gateway tells of; the devices that began last are not told.</summary>
    public const int ConditionsMax = 100;
}

/// <summary>A condition that holds at a gateway.</summary>
/// <param name="Rule">One of <see cref="Domain.Alarms.IntakeRule"/>.</param>
/// <param name="Subject">Id of the gateway or device.</param>
/// <param name="Value">The value, in the rule's unit.</param>
/// <param name="Limit">What it is compared with.</param>
[Immutable, GenerateSerializer, Alias("intake-condition")]
public sealed record IntakeCondition([property: Id(0)] string Rule, [property: Id(1)] string Subject, [property: Id(2)] double Value, [property: Id(3)] double Limit);
