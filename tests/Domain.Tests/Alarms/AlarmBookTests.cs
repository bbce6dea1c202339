using System.Text.Json;
using Monitoring.Domain.Alarms;

namespace Monitoring.Domain.Tests.Alarms;

public sealed class AlarmBookTests
{
    private static readonly DateTimeOffset Noon = Square.At("2026-06-01T12:00:00Z");
    private static readonly Threshold AtOnce = new(AlarmRule.Density, null, 4, 3.7, TimeSpan.Zero, TimeSpan.Zero, 1);

    private readonly AlarmBook _book = new();
    private int _second;

    [Fact]
    public void An_alarm_names_rule_place_value_limit_and_time()
    {
        var alarm = Judge(AtOnce with { OnFor = TimeSpan.Zero }, 4.216)!;
        Assert.Equal("square.1", alarm.Id);
        Assert.Equal(AlarmState.Unacknowledged, alarm.State);
        Assert.Equal("Density at Plaza: 4.22 people/m², limit 4.00", alarm.Text);
        Assert.Equal(Noon, alarm.RaisedAt);
        Assert.Equal(AlarmBook.Hub, Assert.Single(alarm.Transitions).By);
    }

    [Fact]
    public void While_it_is_not_over_there_is_no_second_one_for_the_same_place()
    {
        Judge(AtOnce, 4);
        Assert.Null(Judge(AtOnce, 5));
        _book.Acknowledge("square.1", "anna", "", Noon);
        Assert.Null(Judge(AtOnce, 6));
        Assert.Equal(6, Assert.Single(_book.Open).Highest);
    }

    [Fact]
    public void What_the_control_room_does_not_see_is_taken_by_the_hub_and_over_when_its_condition_is()
    {
        var cause = IntakeRule.Cause(IntakeRule.MessageRate, "square", "counter-1", "Counter 1", 5, 5, Noon);
        _book.Hold("_intake", cause, Noon);
        Assert.Equal(AlarmState.Unacknowledged, Assert.Single(_book.Open).State);

        // The site says by now that the device is for statistics.
        var held = _book.Hold("_intake", cause with { ForTechnicians = true }, Noon.AddSeconds(1))!;
        Assert.Equal((AlarmState.Acknowledged, AlarmBook.Hub, true), (held.State, held.AcknowledgedBy, held.ForTechnicians));
        Assert.Null(_book.Hold("_intake", cause with { ForTechnicians = true }, Noon.AddSeconds(2)));

        _book.End(IntakeRule.MessageRate, "counter-1", "it is over", Noon.AddSeconds(3));
        Assert.Empty(_book.Open);
        Assert.Equal(held.Id, Assert.Single(_book.Closed).Id);
    }

    [Fact]
    public void What_is_over_is_listed_newest_first_and_never_cut_inside_one_instant()
    {
        var first = Judge(AtOnce, 4)!;
        var over = Enumerable.Range(1, 9).Select(n => first with { Id = $"square.{n}", ClosedAt = Noon.AddMinutes(n / 3) }).ToList();

        Assert.Equal(["square.9", "square.6", "square.7", "square.8"], Alarm.NewestOver(over, null, 2).Select(alarm => alarm.Id));
        Assert.Equal(["square.9"], Alarm.NewestOver(over, null, 1).Select(alarm => alarm.Id));
        Assert.Equal(["square.3", "square.4", "square.5"], Alarm.NewestOver(over, Noon.AddMinutes(2), 3).Select(alarm => alarm.Id));
        Assert.Equal(9, Alarm.NewestOver(over, null, 9).Count);
        Assert.Empty(Alarm.NewestOver(over, Noon, 9));
    }

    [Fact]
    public void What_nobody_has_taken_stands_first_even_when_it_has_returned()
    {
        var one = Judge(AtOnce, 4)!;
        Alarm[] alarms =
        [
            one with { Id = "taken", State = AlarmState.Acknowledged },
            one with { Id = "returned", State = AlarmState.Returned },
            one with { Id = "later", RaisedAt = Noon.AddSeconds(1) },
            one with { Id = "low", Priority = 3 },
            one with { Id = "now" },
        ];
        Assert.Equal(["now", "returned", "later", "low", "taken"], Alarm.MostUrgentFirst(alarms).Select(alarm => alarm.Id));
    }

    [Fact]
    public void Another_place_has_its_own()
    {
        Judge(AtOnce, 4);
        _book.Judge("square", AtOnce, Sample(4) with { Subject = "stage" }, Noon);
        Assert.Equal(["square.1", "square.2"], _book.Open.Select(alarm => alarm.Id));
    }

    [Fact]
    public void Taken_and_returned_it_is_over_and_the_next_is_a_new_one()
    {
        Judge(AtOnce, 4);
        Assert.True(_book.Acknowledge("square.1", "anna", "patrol sent", Noon.AddSeconds(3))!.Value.Taken);
        Judge(AtOnce, 3);
        var over = Assert.Single(_book.Closed);
        Assert.Equal([AlarmEvent.Raised, AlarmEvent.Acknowledged, AlarmEvent.Returned], over.Transitions.Select(step => step.Event));
        Assert.Equal((AlarmState.Closed, "anna", "patrol sent"), (over.State, over.AcknowledgedBy, over.Note));
        Assert.Empty(_book.Open);
        Assert.Equal("square.2", Judge(AtOnce, 4)!.Id);
    }

    [Fact]
    public void Returned_before_anybody_took_it_it_waits_to_be_seen()
    {
        Judge(AtOnce, 4);
        Assert.Equal(AlarmState.Returned, Judge(AtOnce, 3)!.State);
        Assert.True(_book.Acknowledge("square.1", "anna", "", Noon)!.Value.Taken);
        Assert.Equal(AlarmState.Closed, Assert.Single(_book.Closed).State);
    }

    [Fact]
    public void Coming_back_before_anybody_took_it_it_is_the_same_alarm()
    {
        Judge(AtOnce, 4);
        Judge(AtOnce, 3);
        var again = Judge(AtOnce, 4.5)!;
        Assert.Equal(("square.1", AlarmState.Unacknowledged, 2, 4.5), (again.Id, again.State, again.Raises, again.Value));
        Assert.Null(again.ReturnedAt);
    }

    [Fact]
    public void The_first_to_take_it_wins_and_the_second_is_told_who()
    {
        Judge(AtOnce, 4);
        _book.Acknowledge("square.1", "anna", "", Noon.AddSeconds(1));
        var (alarm, taken) = _book.Acknowledge("square.1", "ben", "mine", Noon.AddSeconds(2))!.Value;
        Assert.False(taken);
        Assert.Equal(("anna", Noon.AddSeconds(1)), (alarm.AcknowledgedBy, alarm.AcknowledgedAt));
        Assert.Null(_book.Acknowledge("square.9", "ben", "", Noon));
    }

    [Fact]
    public void A_condition_without_a_threshold_is_one_alarm_for_as_long_as_it_holds()
    {
        var cause = IntakeRule.Cause(IntakeRule.JournalFilling, "", "gateway-1", "gateway-1", 71, 70, Noon);
        var raised = _book.Hold("_intake", cause, Noon)!;
        Assert.Equal(("_intake.1", "", 2, 71.0, "%"), (raised.Id, raised.Space, raised.Priority, raised.Value, raised.Unit));
        Assert.Null(_book.Hold("_intake", cause with { Value = 80 }, Noon.AddSeconds(5)));
        Assert.Equal(80, Assert.Single(_book.Open).Highest);

        Assert.Equal(AlarmState.Returned, _book.End(cause.Rule, cause.Subject, "deleted", Noon.AddMinutes(1))!.State);
        Assert.Null(_book.End(cause.Rule, cause.Subject, "deleted", Noon.AddMinutes(2)));
        Assert.Equal(("_intake.1", 2), (_book.Hold("_intake", cause, Noon.AddMinutes(3))!.Id, _book.Open[0].Raises));
    }

    [Fact]
    public void Every_rule_of_the_way_in_has_words_and_a_priority_and_compares_no_counts()
    {
        foreach (var rule in IntakeRule.All)
        {
            var cause = IntakeRule.Cause(rule, "", "gateway-1", "gateway-1", 3.25, 3, Noon);
            Assert.InRange(cause.Priority, 1, 4);
            Assert.False(AlarmRule.ComparesCounts(rule));
            Assert.DoesNotContain('{', cause.Text);
        }

        Assert.Equal(7, IntakeRule.All.Count);
    }

    [Fact]
    public void A_note_has_an_end()
    {
        Judge(AtOnce, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => _book.Acknowledge("square.1", "anna", new string('x', Alarm.NoteCharsMax + 1), Noon));
        Assert.True(_book.Acknowledge("square.1", "anna", new string('x', Alarm.NoteCharsMax), Noon)!.Value.Taken);
    }

    [Fact]
    public void The_steps_kept_of_one_alarm_have_an_end_and_the_first_stays()
    {
        for (var i = 0; i < Alarm.TransitionsMax; i++)
            Judge(AtOnce, i % 2 == 0 ? 4 : 3);
        Assert.Equal((Alarm.TransitionsMax, 0), (_book.Open[0].Transitions.Count, _book.Open[0].TransitionsDropped));
        Judge(AtOnce, 4);
        Assert.Equal((Alarm.TransitionsMax, 1), (_book.Open[0].Transitions.Count, _book.Open[0].TransitionsDropped));
        Assert.Equal(Noon, _book.Open[0].Transitions[0].At);
    }

    [Theory]
    [InlineData("plaza", 3, null)]
    [InlineData("stage", 2, null)]
    [InlineData("plaza", 5, "plaza")]
    [InlineData("stage", 2, "plaza")]
    [InlineData("stage", 6, "")]
    public void The_nearest_level_applies_and_a_change_goes_before_the_site(string zone, double expected, string? changed)
    {
        Threshold[] site = [AtOnce with { On = 2, Off = 1 }, AtOnce with { Subject = "plaza", On = 3, Off = 1 }];
        if (changed is not null)
            _book.Change(new ThresholdChange(AlarmRule.Density, changed.Length > 0 ? changed : null, changed.Length > 0 ? 5 : 6, 1, Noon.AddHours(1), "sam", "match"));
        Assert.Equal(expected, _book.ThresholdFor(site, AlarmRule.Density, zone, Noon)!.On);
        Assert.Equal(zone == "plaza" ? 3 : 2, _book.ThresholdFor(site, AlarmRule.Density, zone, Noon.AddHours(1))!.On);
        Assert.Null(_book.ThresholdFor(site, AlarmRule.Flow, zone, Noon));
    }

    [Fact]
    public void A_change_ends_by_itself()
    {
        _book.Change(new ThresholdChange(AlarmRule.Density, null, 5, 4, Noon, "sam", "match"));
        Assert.Empty(_book.EndChanges(Noon.AddTicks(-1)));
        Assert.Equal("sam", Assert.Single(_book.EndChanges(Noon)).By);
        Assert.Empty(_book.Changes);
    }

    [Theory]
    [InlineData(AlarmRule.Density, null, 5, 4, 60, "match", null)]
    [InlineData(AlarmRule.Density, "plaza", 5, 4, 60, "match", null)]
    [InlineData(AlarmRule.Density, "plasa", 5, 4, 60, "match", "subject")]
    [InlineData(AlarmRule.Flow, null, 5, 4, 60, "match", "rule")]
    [InlineData(AlarmRule.Density, null, 0, -1, 60, "match", "on")]
    [InlineData(AlarmRule.Density, null, double.NaN, 0, 60, "match", "on")]
    [InlineData(AlarmRule.Density, null, 5, 5, 60, "match", "off")]
    [InlineData(AlarmRule.Density, null, 5, 4, 0, "match", "until")]
    [InlineData(AlarmRule.Density, null, 5, 4, 7 * 86_400, "match", null)]
    [InlineData(AlarmRule.Density, null, 5, 4, 7 * 86_400 + 1, "match", "until")]
    [InlineData(AlarmRule.Density, null, 5, 4, 60, "", "reason")]
    public void A_change_that_cannot_be_is_told_why(string rule, string? subject, double on, double off, int seconds, string reason, string? problem)
    {
        var found = new ThresholdChange(rule, subject, on, off, Noon.AddSeconds(seconds), "sam", reason).ProblemIn([AtOnce], (_, place) => place == "plaza", Noon);
        if (problem is null)
            Assert.Null(found);
        else
            Assert.StartsWith($"{problem}:", found, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_level_in_the_site_an_alarm_returns_and_says_why()
    {
        Judge(AtOnce, 4);
        Assert.True(_book.Release((_, _) => false, Noon.AddMinutes(1)));
        Assert.Equal(AlarmState.Returned, _book.Open[0].State);
        Assert.Contains("no threshold", _book.Open[0].Transitions[^1].Cause, StringComparison.Ordinal);
        Assert.Empty(_book.Conditions);
        Assert.False(_book.Release((_, _) => false, Noon.AddMinutes(2)));
    }

    [Fact]
    public void Comes_back_from_disk_as_it_was()
    {
        Judge(AtOnce, 4);
        _book.Acknowledge("square.1", "anna", "é", Noon);
        _book.Change(new ThresholdChange(AlarmRule.Density, null, 5, 4, Noon.AddHours(1), "sam", "match"));
        var json = JsonSerializer.Serialize(_book, JsonSerializerOptions.Web);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<AlarmBook>(json, JsonSerializerOptions.Web), JsonSerializerOptions.Web));
    }

    [Fact]
    public void No_event_leads_out_of_the_last_state_and_none_that_is_not_in_the_table_moves_anything()
    {
        Assert.All(Enum.GetValues<AlarmEvent>(), happened => Assert.Null(AlarmLife.Next(AlarmState.Closed, happened)));
        Assert.Null(AlarmLife.Next(AlarmState.Acknowledged, AlarmEvent.Acknowledged));
        Assert.Null(AlarmLife.Next(AlarmState.Unacknowledged, AlarmEvent.Raised));
        Assert.Equal(5, Enum.GetValues<AlarmState>().Sum(state => Enum.GetValues<AlarmEvent>().Count(happened => AlarmLife.Next(state, happened) is not null)));
    }

    private Alarm? Judge(Threshold threshold, double density) => _book.Judge("square", threshold, Sample(density), Noon);

    private AlarmSample Sample(double density) =>
        new(AlarmRule.Density, "plaza", "Plaza", "camera", density, Noon.AddSeconds(10 * _second++), TimeSpan.Zero, TimeSpan.FromSeconds(20), MayReturn: true);
}
