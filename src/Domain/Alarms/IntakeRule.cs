using System.Globalization;

namespace Monitoring.Domain.Alarms;

/// <summary>Rules about the way in: the journal, the state store, and equipment that takes more than its share. They hold or they do not; nobody sets their thresholds.</summary>
public static class IntakeRule
{
    /// <summary>The journal cannot be written, or is full: nothing is accepted. Subject: the gateway.</summary>
    public const string JournalAway = "journal-away";

    /// <summary>The journal fills: at its limit nothing is accepted. Subject: the gateway; value in percent of the limit.</summary>
    public const string JournalFilling = "journal-filling";

    /// <summary>Messages have been in the journal for half of the time for which they may, and no space has saved them. Subject: the gateway; value in hours.</summary>
    public const string JournalAging = "journal-aging";

    /// <summary>Messages are over the age limit: their counts are gone. Subject: the gateway; value in hours.</summary>
    public const string JournalExpired = "journal-expired";

    /// <summary>Rows of the journal were found damaged within the last day. Subject: the gateway; value in rows.</summary>
    public const string JournalDamaged = "journal-damaged";

    /// <summary>Spaces have not saved what they were given; one that has stopped answering since counts on. Subject: the gateway that waits for them; value in spaces.</summary>
    public const string NotSaved = "not-saved";

    /// <summary>A device sends more messages than it may. Subject: the device; value: what it may, per second.</summary>
    public const string MessageRate = "message-rate";

    private static readonly Dictionary<string, (int Priority, string Unit, Func<string, double, double, string> Text)> Rules = new(StringComparer.Ordinal)
    {
        [JournalAway] = (1, "", (gateway, _, _) => $"The journal of {gateway} takes nothing: what equipment sends is refused. See to its disk, that no other program holds the file, and, where it is full, why spaces do not save"),
        [JournalFilling] = (2, "%", (gateway, value, _) => $"The journal of {gateway} is {Write(value)} % full: at 100 % what equipment sends is refused. See why spaces do not save, or give it more room"),
        [JournalAging] = (2, "h", (gateway, value, limit) => $"No space has saved messages that {gateway} has had for {Write(value)} h: their counts go at {Write(2 * limit)} h. See that the silo can write its state store"),
        [JournalExpired] = (1, "h", (gateway, _, limit) => $"Messages that {gateway} had for over {Write(limit)} h are expired: their counts are gone, but for what spaces have in memory. See that the silo can write its state store"),
        [JournalDamaged] = (2, "rows", (gateway, value, _) => $"{Write(value)} damaged {(value == 1 ? "row" : "rows")} in the journal of {gateway}: set aside, not counted. Check the disk"),
        [NotSaved] = (2, "spaces", (_, value, _) => $"{Write(value)} {(value == 1 ? "space does" : "spaces do")} not save: live state is in memory only, and nothing can be taken or changed. See that the silo can write its state store: disk, rights, no other program on the file"),
        [MessageRate] = (3, "messages/s", (device, _, limit) => $"{device} sends more than {Write(limit)} messages per second: what is over is refused. See to the device"),
    };

    /// <summary>All rules.</summary>
    public static IReadOnlyCollection<string> All => Rules.Keys;

    /// <summary>What raises the alarm of a rule.</summary>
    /// <param name="rule">One of <see cref="All"/>.</param>
    /// <param name="space">Space that it is in; empty for the hub itself.</param>
    /// <param name="subject">Id of the gateway or device.</param>
    /// <param name="name">Its name for people.</param>
    /// <param name="value">The value, in the rule's unit.</param>
    /// <param name="limit">What it is compared with.</param>
    /// <param name="at">When it held.</param>
    /// <param name="forTechnicians">Whether it names a device that the control room does not see.</param>
    public static AlarmCause Cause(string rule, string space, string subject, string name, double value, double limit, DateTimeOffset at, bool forTechnicians = false)
    {
        var (priority, unit, text) = Rules[rule];
        return new AlarmCause(rule, space, subject, name, priority, value, limit, unit, text(name, value, limit), at, forTechnicians);
    }

    private static string Write(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
