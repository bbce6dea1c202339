using Monitoring.Domain.Alarms;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Alarms;

/// <summary>Alarms of a whole space, from messages: two zones, two lines, a camera over one zone, counters at both lines.</summary>
public sealed class SpaceAlarmsTests
{
    private static readonly DateTimeOffset Noon = Square.At("2026-06-01T12:00:00Z");

    private readonly SpaceState _state = new();
    private readonly SpaceModel _model;

    public SpaceAlarmsTests() => _model = new SpaceModel(
        Square.Space() with
        {
            Thresholds =
            [
                new(AlarmRule.Density, null, 2, 1.7, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 1),
                new(AlarmRule.Flow, null, 30, 24, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), 2),
            ],
        },
        _state);

    private IEnumerable<string> Open => _state.Alarms.Open.Select(alarm => $"{alarm.Rule} {alarm.Subject} {alarm.State}");

    private IEnumerable<string> Flows => Open.Where(open => open.StartsWith("flow", StringComparison.Ordinal));

    [Fact]
    public void A_dense_zone_raises_one_alarm_and_its_emptying_returns_it()
    {
        for (var i = 0; i < 10; i++)
            Camera(i * 30, 120);
        Assert.Equal(["density stage Unacknowledged"], Open);
        for (var i = 10; i < 20; i++)
            Camera(i * 30, 50);
        Assert.Equal(["density stage Returned"], Open);
        Assert.Equal([60, 360], _state.Alarms.Open[0].Transitions.Select(step => (step.At - Noon).TotalSeconds));
    }

    [Fact]
    public void A_strong_flow_raises_one_alarm_with_the_first_whole_interval()
    {
        Counter("counter-1", "north", 60, 119);
        Assert.Empty(Flows);
        Counter("counter-1", "north", 120, 120);
        Counter("counter-1", "north", 180, 200);
        Assert.Equal(["flow north Unacknowledged"], Flows);
        Assert.Equal((Noon.AddSeconds(120), 30), (_state.Alarms.Open[0].RaisedAt, _state.Alarms.Open[0].Value));
    }

    [Fact]
    public void A_heartbeat_that_vouches_for_nobody_returns_a_flow()
    {
        Counter("counter-1", "north", 60, 300);
        Heartbeat("counter-1", 60);
        Assert.Equal(["flow north Unacknowledged"], Flows);
        Heartbeat("counter-1", 119);
        Assert.Equal(["flow north Unacknowledged"], Flows);
        Heartbeat("counter-1", 120);
        Assert.Equal(["flow north Returned"], Flows);
    }

    [Fact]
    public void What_arrives_late_moves_no_alarm_and_still_counts()
    {
        _model.Apply(Message("counter-1", 60, Square.Count("north", Noon.AddSeconds(60), 300, 0)) with { ArrivedAt = Noon.AddSeconds(181) });
        Assert.Empty(Open);
        _model.Apply(Message("counter-1", 120, Square.Count("north", Noon.AddSeconds(120), 300, 0)) with { ArrivedAt = Noon.AddSeconds(240) });
        Assert.Equal(["flow north Unacknowledged"], Open);
        Assert.Equal(600, _state.Lines["north"].Days.Values.Sum(day => day.In));
    }

    [Fact]
    public void A_repeat_moves_no_alarm()
    {
        for (var i = 0; i < 5; i++)
            Counter("counter-1", "north", 60, 110);
        for (var i = 0; i < 5; i++)
            Camera(0, 120);
        Assert.Empty(Open);
    }

    [Fact]
    public void People_counted_out_of_a_zone_whose_camera_is_silent_end_no_alarm()
    {
        RaiseDensity();
        for (var second = 150; second < 3_600; second += 60)
        {
            Counter("counter-2", "steps", second, 0, 2);
            Heartbeat("counter-2", second);
        }

        Assert.Equal(["density stage Unacknowledged"], Open);
        Camera(3_600, 10);
        Camera(3_630, 10);
        Assert.Equal(["density stage Unacknowledged"], Open);
        Camera(3_660, 10);
        Assert.Equal(["density stage Returned"], Open);
    }

    [Fact]
    public void A_zone_known_by_its_lines_ends_an_alarm_only_while_all_of_them_are_heard()
    {
        for (var second = 60; second <= 300; second += 60)
            All(second, northIn: 100, stepsOut: 0);
        Assert.Contains("density plaza Unacknowledged", Open);
        for (var second = 360; second <= 1_800; second += 60)
        {
            Counter("counter-1", "north", second, 0, 40);
            Heartbeat("counter-1", second);
        }

        Assert.Contains("density plaza Unacknowledged", Open);
        for (var second = 1_860; second <= 1_980; second += 60)
            All(second, northIn: 0, stepsOut: 0);
        Assert.Contains("density plaza Returned", Open);
    }

    [Fact]
    public void Without_a_level_nothing_is_raised()
    {
        var state = new SpaceState();
        var model = new SpaceModel(Square.Space() with { Thresholds = [] }, state);
        for (var i = 0; i < 20; i++)
            model.Apply(Message("camera", i * 30, new OccupancyReading("stage", Noon.AddSeconds(i * 30), 9_999)));
        Assert.Empty(state.Alarms.Open);
    }

    /// <summary>Whatever the shape of the gaps: time that no value vouches for raises nothing and returns nothing.</summary>
    [Theory]
    [MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Silence_alone_raises_nothing_and_returns_nothing(int seed)
    {
        var random = new Random(seed);
        var second = 0d;

        // Each value is followed by a gap, longer than it may stand: minutes to hours, then the next.
        for (var i = 0; i < 50; i++)
        {
            Camera(second, 200);
            Assert.Empty(Open);
            second += 60.001 + random.NextDouble() * Math.Pow(10, random.Next(1, 5));
        }

        var start = second;
        for (; second <= start + 90; second += 30)
            Camera(second, 200);
        Assert.Equal(["density stage Unacknowledged"], Open);
        for (var i = 0; i < 50; i++)
        {
            second += 60.001 + random.NextDouble() * Math.Pow(10, random.Next(1, 5));
            Camera(second, 0);
            Assert.Equal(["density stage Unacknowledged"], Open);
        }
    }

    /// <summary>The same for a flow: after a gap of any length neither a heartbeat nor a count of before says what happened in it.</summary>
    [Theory]
    [MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Silence_alone_raises_and_returns_no_flow(int seed)
    {
        var random = new Random(seed);
        double second = 60;
        for (var i = 0; i < 50; i++)
        {
            Counter("counter-1", "north", second, 10);
            second += 120.001 + random.NextDouble() * Math.Pow(10, random.Next(1, 5));
            Heartbeat("counter-1", second);
            Assert.Empty(Flows);
            second += 60;
        }

        Counter("counter-1", "north", second, 300);
        Assert.Equal(["flow north Unacknowledged"], Flows);
        for (var i = 0; i < 50; i++)
        {
            second += 120.001 + random.NextDouble() * Math.Pow(10, random.Next(1, 5));
            Heartbeat("counter-1", second);
            Assert.Equal(["flow north Unacknowledged"], Flows);
        }

        Heartbeat("counter-1", second + 60);
        Assert.Equal(["flow north Returned"], Flows);
    }

    [Fact]
    public void A_count_that_was_overtaken_by_its_heartbeat_still_raises()
    {
        Counter("counter-1", "north", 60, 10);
        Heartbeat("counter-1", 60);
        Heartbeat("counter-1", 120);
        Counter("counter-1", "north", 120, 300);
        Assert.Equal(["flow north Unacknowledged"], Flows);
    }

    /// <summary>Leaving messages out of a run never makes an alarm come or go earlier than the whole run has it.</summary>
    [Theory]
    [MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void A_gap_never_raises_and_never_returns_earlier(int seed)
    {
        var random = new Random(seed);
        var rising = random.Next(2) == 0;
        if (!rising)
            RaiseDensity();
        var (from, length) = (random.Next(0, 10), random.Next(1, 30));
        var moved = 0;
        for (var i = 0; i < 40 && moved == 0; i++)
        {
            if (i >= from && i < from + length)
                continue;
            Camera(1_000 + i * 30, rising ? 200 : 0);
            moved = Open.Contains(rising ? "density stage Unacknowledged" : "density stage Returned") ? i : 0;
        }

        // 60 s are two steps of 30 s that no gap lies in, whatever is left out.
        var steps = Enumerable.Range(0, moved).Count(i => !(i >= from && i < from + length) && (i + 1 < from || i + 1 >= from + length) || i == from - 1 && length == 1);
        Assert.True(moved >= 2 && steps >= 2, $"moved at step {moved} after {steps} gapless steps, gap {from}+{length}");
    }

    private void RaiseDensity()
    {
        for (var second = 0; second <= 90; second += 30)
            Camera(second, 200);
        Assert.Equal(["density stage Unacknowledged"], Open);
    }

    private void All(int second, int northIn, int stepsOut)
    {
        Counter("counter-1", "north", second, northIn);
        Counter("counter-2", "steps", second, 0, stepsOut);
        Heartbeat("counter-1", second);
        Heartbeat("counter-2", second);
    }

    private void Camera(double second, int people) => _model.Apply(Message("camera", second, new OccupancyReading("stage", Noon.AddSeconds(second), people)));

    private void Counter(string device, string channel, double second, int passagesIn, int passagesOut = 0) =>
        _model.Apply(Message(device, second, Square.Count(channel, Noon.AddSeconds(second), passagesIn, passagesOut)));

    private void Heartbeat(string device, double second) => _model.Apply(Message(device, second));

    private static AcceptedMessage Message(string device, double second, params Reading[] readings) => Square.Message(device, Noon.AddSeconds(second), readings);
}
