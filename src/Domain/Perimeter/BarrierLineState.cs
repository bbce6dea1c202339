using System.Text.Json.Serialization;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Perimeter;

/// <summary>What a barrier line is, as far as its elements say.</summary>
[JsonConverter(typeof(KebabCaseConverter<BarrierLineState>))]
public enum BarrierLineState
{
    /// <summary>At least one element cannot be known: silent, moving, faulty or without telemetry.</summary>
    Unknown,

    /// <summary>Every element is raised.</summary>
    Closed,

    /// <summary>Some elements are raised, some lowered.</summary>
    Partly,

    /// <summary>Every element is lowered.</summary>
    Open,
}

/// <summary>Joins the positions of a line's elements into the state of the line.</summary>
public static class BarrierLines
{
    /// <summary>State of a line. One lowered element is a gap whatever the others are; one unknown among raised ones leaves the line unknown.</summary>
    /// <param name="positions">Positions in the order of the line; unknown for an element that is silent or has no telemetry.</param>
    public static BarrierLineState Join(IReadOnlyCollection<ElementPosition> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var lowered = positions.Count(position => position == ElementPosition.Lowered);
        if (lowered > 0)
            return lowered == positions.Count ? BarrierLineState.Open : BarrierLineState.Partly;
        return positions.Count > 0 && positions.All(position => position == ElementPosition.Raised) ? BarrierLineState.Closed : BarrierLineState.Unknown;
    }
}
