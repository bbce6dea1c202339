using System.Text.Json.Serialization;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Crowd;

/// <summary>Passages over one line in one local day, and what became of the readings about it.</summary>
public sealed class DayTally
{
    /// <summary>Passages inward.</summary>
    public long In { get; set; }

    /// <summary>Passages outward.</summary>
    public long Out { get; set; }

    /// <summary>Readings counted: for the control room, in an open cell, or in both.</summary>
    public long Counted { get; set; }

    /// <summary>Of those, counted in the open cell only: they came too late for the live picture.</summary>
    public long CountedOpenOnly { get; set; }

    /// <summary>Of those, counted for the control room only: their cell was sealed when they came. Where they were late for the picture of now as well, they correct the total of the day.</summary>
    public long CountedLiveOnly { get; set; }

    /// <summary>Of those, counted in both.</summary>
    [JsonIgnore]
    public long CountedInBoth => Counted - CountedOpenOnly - CountedLiveOnly;

    /// <summary>Readings set aside, by reason.</summary>
    public Dictionary<SetAside, long> SetAside { get; init; } = [];

    /// <summary>Readings about the line that were accepted for this day: each is counted or set aside, once.</summary>
    [JsonIgnore]
    public long Accepted => Counted + SetAside.Values.Sum();

    /// <summary>Records a reading that was counted, in at least one of the two.</summary>
    /// <param name="live">For the control room.</param>
    /// <param name="open">In an open cell.</param>
    public void Count(bool live, bool open)
    {
        Counted++;
        CountedOpenOnly += live ? 0 : 1;
        CountedLiveOnly += open ? 0 : 1;
    }

    /// <summary>Records a reading that was set aside.</summary>
    /// <param name="fate">Why.</param>
    public void Note(SetAside fate) => SetAside[fate] = SetAside.GetValueOrDefault(fate) + 1;
}
