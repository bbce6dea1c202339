using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Crowd;

/// <summary>How a device tells a repeat from a new reading, beside the interval.</summary>
/// <param name="Numbered">Whether it numbers its messages; then two events of the same instant are two, since a repeat has been recognised by its number.</param>
/// <param name="StampShift">How far its stamps were moved because its clock is faulty; zero where it was believed.</param>
public readonly record struct RepeatMarks(bool Numbered, TimeSpan StampShift)
{
    private static readonly RepeatLimits Default = new();

    private readonly RepeatLimits? _limits;

    /// <summary>How much is remembered.</summary>
    public RepeatLimits Limits
    {
        get => _limits ?? Default;
        init => _limits = value;
    }
}
