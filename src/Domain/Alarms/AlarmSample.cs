namespace Monitoring.Domain.Alarms;

/// <summary>One value to be compared with a threshold.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Subject">Id of the zone or line.</param>
/// <param name="SubjectName">Its name for people.</param>
/// <param name="Source">Device whose message brought the value: each has its own clock, so each has its own timers.</param>
/// <param name="Value">The value, in the rule's unit.</param>
/// <param name="At">Event time of the value: the instant of the reading, or the end of its interval.</param>
/// <param name="Length">Length of the closed interval in which the value held; zero for a value of an instant.</param>
/// <param name="HoldMax">Longest time for which a value of an instant stands for what follows; after it there is a gap.</param>
/// <param name="MayReturn">Whether enough is known to say that the value has fallen: a value that fell because a source went silent says nothing.</param>
public readonly record struct AlarmSample(string Rule, string Subject, string SubjectName, string Source, double Value, DateTimeOffset At, TimeSpan Length, TimeSpan HoldMax, bool MayReturn);
