namespace Monitoring.Domain.Privacy;

/// <summary>Says in which cell of the releases a passage falls. Where it says nothing, the line is not released then.</summary>
public interface ICellPlan
{
    /// <summary>UTC start of the cell.</summary>
    /// <param name="line">Id of the line.</param>
    /// <param name="instant">Start of the reading's interval, or its instant.</param>
    /// <returns>Null where passages over the line are not released at that instant.</returns>
    DateTimeOffset? CellOf(string line, DateTimeOffset instant);
}
