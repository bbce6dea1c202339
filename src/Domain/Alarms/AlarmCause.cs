namespace Monitoring.Domain.Alarms;

/// <summary>What raises an alarm.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Space">Space that it is in; empty for the hub itself.</param>
/// <param name="Subject">Id of what it is about.</param>
/// <param name="SubjectName">Its name for people.</param>
/// <param name="Priority">1 (act now) to 4 (know of it).</param>
/// <param name="Value">The value that was compared.</param>
/// <param name="Threshold">What it was compared with.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Text">All of it in words.</param>
/// <param name="At">When it held.</param>
/// <param name="ForTechnicians">Whether it names a device that the control room does not see. Nobody there can take it: the hub does, and it is over when the condition is.</param>
public sealed record AlarmCause(string Rule, string Space, string Subject, string SubjectName, int Priority, double Value, double Threshold, string Unit, string Text, DateTimeOffset At, bool ForTechnicians = false);
