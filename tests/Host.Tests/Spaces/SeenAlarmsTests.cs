using System.Security.Claims;
using Monitoring.Contracts.Accounts;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Spaces;
using Monitoring.Domain.Accounts;
using Monitoring.Domain.Alarms;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>Every number of alarms on a page counts the same alarms.</summary>
public sealed class SeenAlarmsTests
{
    private static readonly Alarm Held = Alarm("a.1", "a", AlarmRule.Density, AlarmState.Unacknowledged);
    private static readonly Alarm Taken = Alarm("a.2", "a", AlarmRule.Flow, AlarmState.Acknowledged);
    private static readonly Alarm OfHub = Alarm("_intake.1", "", IntakeRule.JournalAway, AlarmState.Returned);
    private static readonly Alarm OfDevice = Alarm("_intake.2", "a", IntakeRule.MessageRate, AlarmState.Unacknowledged);
    private static readonly Alarm Elsewhere = Alarm("_intake.3", "b", IntakeRule.MessageRate, AlarmState.Unacknowledged);

    [Fact]
    public void Those_of_the_way_in_count_with_those_of_spaces_and_one_that_returned_untaken_still_waits() =>
        Assert.Equal(new AlarmTally(3, 4, 1, "_intake.1"), TallyFor(Role.Operator, "a"));

    [Fact]
    public void A_row_counts_what_its_equipment_does_to_the_way_in() =>
        Assert.Equal((2, 3), Seen(Role.Operator, "a").Where(alarm => alarm.Space == "a").ToList() is var own ? (AlarmTally.Of(own).Waiting, AlarmTally.Of(own).Open) : default);

    [Fact]
    public void Another_space_counts_only_for_those_who_see_it() => Assert.Equal((4, 5), (TallyFor(Role.Supervisor).Waiting, TallyFor(Role.Supervisor).Open));

    [Fact]
    public void A_technician_counts_none_that_compares_people() => Assert.Equal((2, 2), (TallyFor(Role.Technician, "a").Waiting, TallyFor(Role.Technician, "a").Open));

    [Fact]
    public void Without_alarms_there_is_nothing() => Assert.Equal(new AlarmTally(0, 0, 0, ""), AlarmTally.Of([]));

    private static AlarmTally TallyFor(Role role, params string[] spaces) => AlarmTally.Of(Seen(role, spaces));

    private static IReadOnlyList<Alarm> Seen(Role role, params string[] spaces)
    {
        ClaimsPrincipal user = HubClaims.Of(new Account("eve", role, "", "stamp", Disabled: false) { Spaces = spaces }, "test");
        return SeenAlarms.Of([new SpaceLive("a", "A", "Nice", null, Snapshots.Empty("a", Held, Taken), IsLive: true)], [OfHub, OfDevice, Elsewhere], user);
    }

    private static Alarm Alarm(string id, string space, string rule, AlarmState state) => new()
    {
        Id = id,
        Space = space,
        Rule = rule,
        Subject = "subject",
        SubjectName = "Subject",
        Priority = space.Length == 0 ? 1 : 2,
        State = state,
        RaisedAt = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero),
        Value = 1,
        Threshold = 1,
        Unit = "",
        Highest = 1,
        Text = id,
    };
}
