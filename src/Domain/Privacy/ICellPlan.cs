namespace Monitoring.Domain.Privacy;

/// <summary>Says in which cell of the releases a reading falls. Where it says nothing, the reading is not released.</summary>
public interface ICellPlan
{
    /// <summary>UTC start of the cell of a passage.</summary>
    /// <param name="line">Id of the line.</param>
    /// <param name="instant">Start of the reading's interval, or its instant.</param>
    /// <returns>Null where passages over the line are not released at that instant.</returns>
    DateTimeOffset? CellOf(string line, DateTimeOffset instant);

    /// <summary>UTC start of the cell of a head count.</summary>
    /// <param name="zone">Id of the zone.</param>
    /// <param name="device">Id of the device that counted.</param>
    /// <param name="instant">The instant at which it counted.</param>
    /// <returns>Null where its counts of the zone are not released at that instant.</returns>
    DateTimeOffset? PresenceCellOf(string zone, string device, DateTimeOffset instant);
}
