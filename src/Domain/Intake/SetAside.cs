using System.Text.Json.Serialization;

namespace Monitoring.Domain.Intake;

/// <summary>Why an accepted reading was not counted. Every accepted reading is counted or has exactly one of these.</summary>
[JsonConverter(typeof(KebabCaseConverter<SetAside>))]
public enum SetAside
{
    /// <summary>It was counted.</summary>
    None,

    /// <summary>It, or more than half of its interval, was counted before.</summary>
    Duplicate,

    /// <summary>It is older than what is remembered, so a repeat could not be told from a first; or an absolute count that came too late for the live picture.</summary>
    Late,

    /// <summary>It was published with the retain flag: it may be of any age.</summary>
    Retained,

    /// <summary>First sight of a cumulative counter: a starting value, not passages.</summary>
    Baseline,

    /// <summary>A step of a cumulative counter that no crowd could make: taken as a new starting value.</summary>
    Implausible,

    /// <summary>The device serves statistics only; the control room does not see it.</summary>
    Purpose,

    /// <summary>The journal's record could not be read; counted by record, since its readings are not known.</summary>
    Unreadable,

    /// <summary>It was in the journal for longer than a reading may be kept, and no space had saved it: its counts are gone.</summary>
    Expired,

    /// <summary>The site no longer has the space, device or channel.</summary>
    NotInSite,
}
