namespace Monitoring.Contracts.Alarms;

/// <summary>What became of an acknowledgement.</summary>
public enum AcknowledgeOutcome
{
    /// <summary>The space has no such alarm.</summary>
    Unknown,

    /// <summary>It is stored: the alarm is this person's.</summary>
    Taken,

    /// <summary>Another was first; the alarm says who and when.</summary>
    TakenBefore,
}

/// <summary>Answer to an acknowledgement.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Alarm">UTF-8 JSON of a list with the alarm as it is now; empty where it is unknown.</param>
[Immutable, GenerateSerializer, Alias("acknowledge-answer")]
public sealed record AcknowledgeAnswer([property: Id(0)] AcknowledgeOutcome Outcome, [property: Id(1)] byte[] Alarm);

/// <summary>A wish to change a threshold for a time.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Subject">Zone or line; null for each of the space.</param>
/// <param name="On">On level, over 0.</param>
/// <param name="Off">Off level, under <paramref name="On"/>; null for the rule's usual distance.</param>
/// <param name="Until">When the site's level applies again.</param>
/// <param name="Reason">Why, 1 to 500 characters.</param>
/// <param name="By">Who wishes it.</param>
[Immutable, GenerateSerializer, Alias("threshold-wish")]
public sealed record ThresholdWish(
    [property: Id(0)] string Rule,
    [property: Id(1)] string? Subject,
    [property: Id(2)] double On,
    [property: Id(3)] double? Off,
    [property: Id(4)] DateTimeOffset Until,
    [property: Id(5)] string Reason,
    [property: Id(6)] string By);
