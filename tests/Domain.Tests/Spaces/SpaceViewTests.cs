using System.Text;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Perimeter;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

public sealed class SpaceViewTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    private readonly SpaceState _state = new();
    private readonly SpaceModel _model;
    private readonly SpaceView _view;

    public SpaceViewTests()
    {
        _model = new SpaceModel(Square.Space(), _state);
        _view = new SpaceView(_model.Space, _state);
    }

    [Fact]
    public void What_was_never_heard_is_unknown_and_not_zero()
    {
        var snapshot = At(Noon);
        Assert.Equal((null, null, LevelOfService.Unknown, null, null), (snapshot.People, snapshot.Density, snapshot.LevelOfService, snapshot.Trend, snapshot.AgeSeconds));
        Assert.Equal((Quality.Unknown, "never-heard"), (snapshot.Quality, snapshot.Reasons.Single()));
        Assert.All(snapshot.Lines, line => Assert.Equal((Quality.Unknown, (double?)null), (line.Quality, line.FlowPerMinute)));
        Assert.All(snapshot.BarrierLines, line => Assert.Equal(BarrierLineState.Unknown, line.State));
    }

    [Fact]
    public void Zero_counts_with_heartbeats_are_zeros()
    {
        Heartbeat("counter-1", Noon);
        Heartbeat("counter-2", Noon);
        Heartbeat("camera", Noon);
        var snapshot = At(Noon);
        Assert.Equal((0, 0d, LevelOfService.A), (snapshot.People, snapshot.Density, snapshot.LevelOfService));
        Assert.Equal((Quality.Degraded, "not-anchored"), (snapshot.Quality, snapshot.Reasons.Single()));
        Assert.Equal(new Coverage(3, 3), snapshot.Coverage);
        Assert.All(snapshot.Lines, line => Assert.Equal((Quality.Good, 0d), (line.Quality, line.FlowPerMinute)));
    }

    [Fact]
    public void Counts_without_heartbeats_renew_nothing()
    {
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 3, 1)));
        var line = At(Noon).Lines[0];
        Assert.Equal((new LineTotal(3, 1), Quality.Unknown, new Coverage(0, 1)), (line.Day, line.Quality, line.Coverage));
    }

    [Fact]
    public void Quality_goes_from_good_over_stale_to_unknown_as_a_source_falls_silent()
    {
        Heartbeat("counter-1", Noon);
        Assert.Equal(Quality.Good, At(Noon.AddSeconds(90)).Lines[0].Quality);
        Assert.Equal((Quality.Stale, "overdue"), (At(Noon.AddSeconds(91)).Lines[0].Quality, At(Noon.AddSeconds(91)).Lines[0].Reasons.Single()));
        Assert.Equal((Quality.Stale, 120d), (At(Noon.AddSeconds(120)).Lines[0].Quality, At(Noon.AddSeconds(120)).Lines[0].AgeSeconds));
        var silent = At(Noon.AddSeconds(121)).Lines[0];
        Assert.Equal((Quality.Unknown, "sources-silent", (double?)null), (silent.Quality, silent.Reasons.Single(), silent.AgeSeconds));
    }

    [Fact]
    public void An_anchored_zone_with_all_sources_is_good()
    {
        Heartbeat("counter-2", Noon);
        _model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 20)));
        var stage = At(Noon).Zones[1];
        Assert.Equal((20, 0.4, LevelOfService.B, Quality.Good), (stage.People, stage.Density, stage.LevelOfService, stage.Quality));
        Assert.Empty(stage.Reasons);
    }

    [Fact]
    public void A_negative_estimate_is_shown_as_zero_and_degraded()
    {
        Heartbeat("counter-1", Noon);
        Heartbeat("counter-2", Noon);
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 0, 9)));
        var plaza = At(Noon).Zones[0];
        Assert.Equal((0, 0d, Quality.Degraded), (plaza.People, plaza.Density, plaza.Quality));
        Assert.Contains("negative-estimate", plaza.Reasons);
    }

    [Fact]
    public void The_worst_zone_speaks_for_the_space_and_people_are_the_sum()
    {
        AllAlive(Noon);
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 40, 0)));
        _model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 60)));
        var snapshot = At(Noon);
        Assert.Equal((100, 1.2, LevelOfService.E), (snapshot.People, snapshot.Density, snapshot.LevelOfService));
    }

    [Fact]
    public void People_are_unknown_where_one_zone_is()
    {
        _model.Apply(Square.Message("camera", Noon, new OccupancyReading("stage", Noon, 10)));
        var snapshot = At(Noon);
        Assert.Equal((null, 10, LevelOfService.Unknown, Quality.Unknown), (snapshot.People, snapshot.Zones[1].People, snapshot.LevelOfService, snapshot.Quality));
    }

    [Fact]
    public void With_three_of_five_sources_silent_the_coverage_says_so_and_the_level_does_not_improve()
    {
        var devices = string.Concat(Enumerable.Range(1, 5).Select(i => $"      - {{ id: c{i}, kind: counter, intervalSeconds: 60, channels: [{{ name: g, line: l{i} }}] }}\n"));
        var lines = string.Concat(Enumerable.Range(1, 5).Select(i => $"      - {{ id: l{i}, name: L, widthM: 2, from: outside, to: z }}\n"));
        var space = Square.Compile($"""
            site: s
            name: S
            spaces:
              - id: five
                name: Five
                city: Nice
                timeZone: Europe/Paris
                zones: [{"{"} id: z, name: Z, areaM2: 100, capacity: 100 {"}"}]
                lines:
            {lines}    devices:
            {devices}
            """).Site.Spaces[0];
        var (state, at) = (new SpaceState(), Noon);
        var (model, view) = (new SpaceModel(space, state), new SpaceView(space, state));
        for (var i = 1; i <= 5; i++)
        {
            model.Apply(Square.Message($"c{i}", at, Square.Count("g", at, 20, 0)));
            model.Apply(Square.Message($"c{i}", at));
        }

        Assert.Equal((LevelOfService.D, new Coverage(5, 5)), (view.At(at, ClockKind.Wall).LevelOfService, view.At(at, ClockKind.Wall).Coverage));
        for (var minute = 1; minute <= 10; minute++)
        {
            at = Noon.AddMinutes(minute);
            for (var i = 1; i <= 2; i++)
            {
                model.Apply(Square.Message($"c{i}", at, Square.Count("g", at, 0, 5)));
                model.Apply(Square.Message($"c{i}", at));
            }

            var zone = view.At(at, ClockKind.Wall).Zones[0];
            Assert.True(zone.LevelOfService.Severity() >= LevelOfService.D.Severity(), $"minute {minute}: {zone.LevelOfService}");
            if (minute > 2)
            {
                Assert.Equal((new Coverage(2, 5), Quality.Degraded), (zone.Coverage, zone.Quality));
                Assert.Contains("sources-silent", zone.Reasons);
                Assert.Contains("level-held", view.At(at, ClockKind.Wall).Reasons);
            }
        }
    }

    [Fact]
    public void A_wrong_clock_is_a_reason_and_not_silence()
    {
        AllAlive(Noon);
        _model.Apply(Square.Message("counter-1", Noon) with { ClockFaulty = true });
        Assert.Equal((Quality.Degraded, "clock-faulty"), (At(Noon).Lines[0].Quality, At(Noon).Lines[0].Reasons.Single()));
    }

    [Fact]
    public void A_day_ends_at_local_midnight_and_is_then_the_day_before()
    {
        var evening = Square.At("2024-03-01T22:59:00Z");
        _model.Apply(Square.Message("counter-1", evening, Square.Count("north", evening, 8, 2)));
        var line = At(Square.At("2024-03-01T22:59:59Z")).Lines[0];
        Assert.Equal((new LineTotal(8, 2), new LineTotal(0, 0)), (line.Day, line.PreviousDay));
        line = At(Square.At("2024-03-01T23:00:00Z")).Lines[0];
        Assert.Equal((new LineTotal(0, 0), new LineTotal(8, 2)), (line.Day, line.PreviousDay));
        Assert.Equal(new LineTotal(0, 0), At(Square.At("2024-03-02T23:00:00Z")).Lines[0].PreviousDay);
    }

    [Fact]
    public void A_barrier_line_is_unknown_when_one_of_its_bollards_is_silent_and_names_the_gap()
    {
        Position("b1", ElementPosition.Raised, Noon);
        Position("b2", ElementPosition.Raised, Noon);
        Assert.Equal((BarrierLineState.Closed, 0), (At(Noon).BarrierLines[0].State, At(Noon).BarrierLines[0].Gaps.Count));
        Position("b2", ElementPosition.Lowered, Noon.AddSeconds(1));
        var edge = At(Noon.AddSeconds(1)).BarrierLines[0];
        Assert.Equal((BarrierLineState.Partly, "e2"), (edge.State, edge.Gaps.Single()));
        Position("b2", ElementPosition.Raised, Noon.AddSeconds(601));
        edge = At(Noon.AddSeconds(601)).BarrierLines[0];
        Assert.Equal((BarrierLineState.Unknown, "e1"), (edge.State, edge.Gaps.Single()));
        Assert.Equal("stone", At(Noon).BarrierLines[1].Gaps.Single());
    }

    [Fact]
    public void An_older_position_that_comes_late_does_not_win()
    {
        Position("b1", ElementPosition.Lowered, Noon);
        Position("b1", ElementPosition.Raised, Noon.AddSeconds(-5));
        Assert.Equal(ElementPosition.Lowered, _state.Devices["bollard"].Positions["b1"]);
    }

    [Fact]
    public void The_snapshot_reads_back_as_it_was_sent_and_uses_the_names_of_the_api()
    {
        AllAlive(Noon);
        _model.Apply(Square.Message("counter-1", Noon, Square.Count("north", Noon, 40, 0)));
        var bytes = At(Noon).ToBytes();
        Assert.Equal(bytes, SpaceSnapshot.FromBytes(bytes).ToBytes());
        var json = Encoding.UTF8.GetString(bytes);
        foreach (var part in (string[])["\"mode\":\"normal\"", "\"clock\":\"wall\"", "\"levelOfService\":\"B\"", "\"quality\":\"degraded\"", "\"coverage\":{\"alive\":3,\"total\":3}", "\"day\":{\"in\":40,\"out\":0}", "\"flowPerMinute\":40", "\"previousDay\":{\"in\":0,\"out\":0}", "\"trend\":null", "\"state\":\"unknown\"", "\"gaps\":[\"stone\"]", "\"asOf\":\"2024-03-01T12:00:00"])
            Assert.Contains(part, json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_says_so() => Assert.Equal("replay", _view.At(Noon, ClockKind.Replay).Clock);

    private SpaceSnapshot At(DateTimeOffset now) => _view.At(now, ClockKind.Wall);

    private void Heartbeat(string device, DateTimeOffset at) => _model.Apply(Square.Message(device, at));

    private void Position(string channel, ElementPosition position, DateTimeOffset at) => _model.Apply(Square.Message("bollard", at, new PositionReading(channel, at, position)));

    private void AllAlive(DateTimeOffset at)
    {
        foreach (var device in _model.Space.Devices)
            Heartbeat(device.Id, at);
    }
}
