using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;

namespace Monitoring.Domain.Spaces;

/// <summary>Everything a space remembers: the one row that is saved and read again after a crash.</summary>
/// <remarks>Plain data, saved as JSON; what follows from a message is decided in <see cref="SpaceModel"/>.</remarks>
public sealed class SpaceState : IAlarmRow
{
    /// <summary>Most journals whose cursor is remembered; the longest unused is forgotten.</summary>
    public const int JournalsMax = 16;

    /// <summary>Version of the last published state; grows by one with each.</summary>
    public long Sequence { get; set; }

    /// <summary>Highest offset applied, by journal id, in the order in which journals were first seen.</summary>
    public List<JournalCursor> Cursors { get; init; } = [];

    /// <summary>Devices by id.</summary>
    public Dictionary<string, DeviceState> Devices { get; init; } = [];

    /// <summary>Counting lines by id.</summary>
    public Dictionary<string, LineState> Lines { get; init; } = [];

    /// <summary>Zones by id.</summary>
    public Dictionary<string, ZoneState> Zones { get; init; } = [];

    /// <summary>How the number of people moves.</summary>
    public Trend Trend { get; init; } = new();

    /// <summary>Alarms, their timers, changed thresholds.</summary>
    public AlarmBook Alarms { get; init; } = new();

    /// <summary>How far its releases are.</summary>
    public ReleaseProgress Releases { get; init; } = new();

    /// <inheritdoc/>
    public List<AuditNote> Unaudited { get; init; } = [];

    /// <inheritdoc/>
    public long LastNote { get; set; }

    /// <summary>Arrival of the newest message applied, by the hub's clock; null before the first.</summary>
    public DateTimeOffset? ReceivedAt { get; set; }

    /// <summary>Readings set aside that belong to no line of the site, by reason.</summary>
    public Dictionary<SetAside, long> SetAsideElsewhere { get; init; } = [];

    /// <summary>Believes nothing that lies in the future: the hub's clock was ahead when it was noted, and was put back.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        ReceivedAt = null;
        foreach (var device in Devices.Values)
            device.PutBack(now);
        foreach (var line in Lines.Values)
            line.PutBack(now);
        foreach (var zone in Zones.Values)
            zone.PutBack(now);
    }

    /// <summary>What a copy of this row may hold elsewhere: alarms and what waits for the audit, and no count.</summary>
    public SpaceState WithoutCounts() => new()
    {
        Sequence = Sequence,
        Alarms = new AlarmBook { LastNumber = Alarms.LastNumber, Open = Alarms.Open, Closed = Alarms.Closed, Changes = Alarms.Changes },
        Unaudited = Unaudited,
        LastNote = LastNote,
    };

    /// <summary>Highest offset applied of a journal; 0 before the first.</summary>
    /// <param name="journal">Journal id.</param>
    public long CursorOf(Guid journal) => Cursors.Find(cursor => cursor.Journal == journal)?.Offset ?? 0;

    /// <summary>Whether the journal has been seen before.</summary>
    /// <param name="journal">Journal id.</param>
    public bool Knows(Guid journal) => Cursors.Exists(cursor => cursor.Journal == journal);

    /// <summary>Moves the cursor of a journal.</summary>
    /// <param name="journal">Journal id.</param>
    /// <param name="offset">Offset applied last.</param>
    public void MoveCursor(Guid journal, long offset)
    {
        Cursors.RemoveAll(cursor => cursor.Journal == journal);
        Cursors.Add(new JournalCursor(journal, offset));
        if (Cursors.Count > JournalsMax)
            Cursors.RemoveAt(0);
    }
}

/// <summary>How far a journal has been applied.</summary>
/// <param name="Journal">Random id given to the journal when it was created.</param>
/// <param name="Offset">Highest offset applied.</param>
public sealed record JournalCursor(Guid Journal, long Offset);
