using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>What a profile makes of one message: the message with its readings, why it is refused, or nothing: the profile drops it.</summary>
public readonly record struct MapOutcome
{
    private MapOutcome(AcceptedMessage? message, Refusal? refusal) => (Message, Refusal) = (message, refusal);

    /// <summary>Nothing is left of it, as the profile wants: it is acknowledged and forgotten. The empty value.</summary>
    public static readonly MapOutcome Dropped;

    /// <summary>Whether it was dropped.</summary>
    public bool IsDropped => Message is null && Refusal is null;

    /// <summary>The message; null where it is refused or dropped.</summary>
    public AcceptedMessage? Message { get; }

    /// <summary>Why it is refused; null where it is not.</summary>
    public Refusal? Refusal { get; }

    /// <summary>A message that is taken.</summary>
    /// <param name="message">The message.</param>
    public static MapOutcome Taken(AcceptedMessage message) => new(message, null);

    /// <summary>A message that is refused.</summary>
    /// <param name="refusal">Why.</param>
    public static MapOutcome Refused(Refusal refusal) => new(null, refusal);
}

/// <summary>Why a message is refused. The text never carries a value of the message: bodies stay out of logs and lists.</summary>
/// <param name="Reason">The kind.</param>
/// <param name="Text">One sentence for the technician: which field, and what it should be.</param>
public sealed record Refusal(RefusalReason Reason, string Text);
