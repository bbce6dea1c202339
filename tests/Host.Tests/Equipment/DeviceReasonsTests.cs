using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Equipment;
using Monitoring.Dashboard.Intake;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>The page of a device blames the device for what is its own only, and says all of that.</summary>
public sealed class DeviceReasonsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<AlarmState, bool> HoldsIn = new() { [AlarmState.Unacknowledged] = true, [AlarmState.Acknowledged] = true, [AlarmState.Returned] = false, [AlarmState.Closed] = false };

    [Fact]
    public void A_journal_is_away_while_its_alarm_holds_taken_or_not()
    {
        Assert.All(HoldsIn, one => Assert.Equal(one.Value, IntakeStop.Of([Alarm(IntakeRule.JournalAway, "gateway-1", one.Key)]) is not null));
        Assert.Null(IntakeStop.Of([Alarm(IntakeRule.JournalFilling, "gateway-1", AlarmState.Unacknowledged)]));
        Assert.Equal(
            new IntakeStop(Now.AddMinutes(-9), "gateway-1, gateway-2"),
            IntakeStop.Of([Alarm(IntakeRule.JournalAway, "gateway-2", AlarmState.Unacknowledged), Alarm(IntakeRule.JournalAway, "gateway-1", AlarmState.Acknowledged) with { RaisedAt = Now.AddMinutes(-9) }]));
    }

    [Fact]
    public void While_the_hub_takes_nothing_no_silence_sends_anybody_to_power_or_network()
    {
        var silent = Devices.Of("counter-1") with { State = DeviceCondition.Silent, Reasons = ["silent", "battery-low"] };
        Assert.Contains(DeviceReasons.Of(silent, null, [], false, Now), reason => reason.Remedy?.Contains("power", StringComparison.Ordinal) is true);

        var reasons = DeviceReasons.Of(silent, new IntakeStop(Now, "gateway-1"), [Refused("cannot-keep", "", 1)], false, Now);
        Assert.Equal(["The hub refuses what it sends", "Silent", "Battery is low"], reasons.Select(reason => reason.What));
        Assert.DoesNotContain(reasons, reason => reason.Remedy?.Contains("power", StringComparison.Ordinal) is true || reason.Remedy?.Contains("network", StringComparison.Ordinal) is true);
        Assert.Null(reasons[1].Remedy);
        Assert.NotNull(reasons[2].Remedy);
    }

    [Fact]
    public void A_device_with_an_alarm_of_its_own_is_not_in_order_while_that_holds()
    {
        var device = Devices.Of("counter-1");
        foreach (var (state, holds) in HoldsIn)
            Assert.Equal(holds ? DeviceCondition.Degraded : DeviceCondition.Ok, device.With([Alarm(IntakeRule.MessageRate, "counter-1", state)]).State);
        Assert.Equal(DeviceCondition.Ok, device.With([Alarm(IntakeRule.MessageRate, "counter-2", AlarmState.Unacknowledged)]).State);
        var babbling = device.With([Alarm(IntakeRule.MessageRate, "counter-1", AlarmState.Unacknowledged)]);
        Assert.Equal(["Sends far too often"], DeviceReasons.Of(babbling, null, [Refused("rate-exceeded", Topic(1), 1)], false, Now).Select(reason => reason.What));
    }

    [Fact]
    public void What_was_refused_of_a_device_lately_is_a_reason_and_what_was_refused_of_others_is_none()
    {
        RejectedMessage[] messages =
        [
            Refused("payload-format", Topic(1), 2),
            Refused("payload-format", Topic(1), 3),
            Refused("value-out-of-range", Topic(2), 3),
            Refused("bad-credentials", "", 4),
            Refused("protocol", "", 5) with { Connection = "other" },
            Refused("too-large", Topic(1), 16),
        ];
        var site = CompiledSite.Compile(new SiteDocument("site.yaml", FixtureSites.Square(2, 60), new Dictionary<string, string>())).Site!;
        var refused = DeviceReasons.Refused(messages, site, site.Site.Spaces[0].Devices[0], ["square"], Now);
        Assert.Equal([messages[0], messages[3]], refused);

        var reasons = DeviceReasons.Of(Devices.Of("counter-1"), null, refused, false, Now);
        Assert.Equal(["Refused 2 min ago: payload-format", "Refused 4 min ago: bad-credentials"], reasons.Select(reason => reason.What));
        Assert.All(reasons, reason => Assert.Contains("Connection square.", reason.Remedy, StringComparison.Ordinal));
        Assert.Equal("Messages of it were refused lately", Assert.Single(DeviceReasons.Of(Devices.Of("counter-1"), null, refused, true, Now)).What);
    }

    private static string Topic(int counter) => $"equipment/counter-{counter}/readings";

    private static RejectedMessage Refused(string reason, string topic, int minutesAgo) => new(Now.AddMinutes(-minutesAgo), "square", topic, reason, "Why.", 1, "");

    private static Alarm Alarm(string rule, string subject, AlarmState state) => new()
    {
        Id = "_intake.1",
        Space = "",
        Rule = rule,
        Subject = subject,
        SubjectName = subject,
        Priority = 1,
        State = state,
        RaisedAt = Now,
        Value = 1,
        Threshold = 1,
        Unit = "",
        Highest = 1,
        Text = rule,
    };
}
