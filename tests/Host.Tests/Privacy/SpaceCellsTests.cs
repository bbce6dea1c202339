using Monitoring.Contracts.Privacy;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>When a cell is sealed, what is in it, and that no count decides about either.</summary>
public sealed class SpaceCellsTests
{
    private static readonly TimeZoneInfo Brussels = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");
    private static readonly DateTimeOffset Noon = new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 6, 2);

    private readonly SpaceState _state = new();
    private readonly SpaceCells _cells;
    private PublicSpace _space = SpaceOf(new ReleaseRules(PlaceClass.Open, CellLength.P15, false, 1_000_000, 4, null));

    public SpaceCellsTests() => _cells = new SpaceCells("square", _state);

    [Fact]
    public void A_cell_is_sealed_when_its_device_vouches_for_its_end_and_two_minutes_have_passed()
    {
        Begin(Noon);
        Beat(Noon, 15);
        Count(Noon.AddMinutes(3), 7, 2);
        Assert.DoesNotContain(Sealed(Noon.AddMinutes(17).AddTicks(-1)), cell => cell.From == Noon);
        var cells = Sealed(Noon.AddMinutes(17)).Where(cell => cell.From == Noon).ToList();
        Assert.Equal([("gate-in", 7L, 1), ("gate-out", 2L, 1)], cells.Select(cell => (cell.Series, cell.Count, cell.Alive)));
        Assert.Equal(Noon.AddMinutes(15), _state.Lines["gate"].SealedTo);
    }

    [Fact]
    public void Without_a_heartbeat_it_is_sealed_after_six_hours_and_has_no_number()
    {
        Begin(Noon);
        Beat(Noon, 14);
        Count(Noon.AddMinutes(3), 7, 2);
        Assert.DoesNotContain(Sealed(Noon.AddMinutes(15) + LineState.OpenFor - TimeSpan.FromTicks(1)), cell => cell.From == Noon);
        var cells = Sealed(Noon.AddMinutes(15) + LineState.OpenFor).Where(cell => cell.From == Noon);
        Assert.All(cells, cell => Assert.Equal((0L, 0, 1), (cell.Count, cell.Alive, cell.Total)));
        Assert.Empty(_state.Lines["gate"].OpenCells);
    }

    [Fact]
    public void A_device_that_was_silent_within_a_cell_does_not_make_it_a_zero_when_it_comes_back()
    {
        Begin(Noon);
        Beat(Noon, 5);
        for (var minute = 10; minute <= 32; minute++)
            _state.Devices["counter"].Heard.Note(Noon.AddMinutes(minute), TimeSpan.FromMinutes(2));
        var cells = Sealed(Noon.AddMinutes(33)).Where(cell => cell.From >= Noon).ToList();
        Assert.Equal([(Noon, 0), (Noon, 0), (Noon.AddMinutes(15), 1), (Noon.AddMinutes(15), 1)], cells.Select(cell => (cell.From, cell.Alive)));
    }

    /// <summary>A13. The same heartbeats with other counts, or none: the same cells at the same instants.</summary>
    [Fact]
    public void A13_What_is_counted_moves_no_seal()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(RunSeed.DrawnText);
        var random = new Random(RunSeed.Drawn);
        var schedules = Enumerable.Range(0, 3).Select(kind =>
        {
            var (state, seals) = (new SpaceState(), new List<(DateTimeOffset, string, DateTimeOffset, int)>());
            var cells = new SpaceCells("square", state);
            state.Devices["counter"] = new DeviceState();
            for (var minute = 0; minute < 600; minute++)
            {
                var now = Noon.AddMinutes(minute);
                cells.Pin(_space, 1, now, SpaceCells.AheadOnWallClock);
                if (minute is < 100 or > 130 and < 300 or > 310)
                    state.Devices["counter"].Heard.Note(now, TimeSpan.FromMinutes(2));
                for (var i = kind == 0 ? 0 : random.Next(kind * 40); i > 0; i--)
                    Count(state, cells, now.AddSeconds(-random.Next(900)), random.Next(50), random.Next(50));
                cells.Seal(now);
                seals.AddRange(state.Releases.Sealed.Select(cell => (now, cell.Series, cell.From, cell.Alive)));
                state.Releases.Sealed.Clear();
            }

            return seals;
        }).ToList();
        Assert.NotEmpty(schedules[0]);
        Assert.All(schedules, schedule => Assert.Equal(schedules[0], schedule));
    }

    /// <summary>A13. The same samples of a zone with other people in it, or nobody: the same cells at the same instants.</summary>
    [Fact]
    public void A13_How_many_people_are_in_a_zone_moves_no_seal()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(RunSeed.DrawnText);
        var random = new Random(RunSeed.Drawn);
        var space = SpaceOf(_space.Release with { Presence = new PresenceRules(240, null) });
        var schedules = Enumerable.Range(0, 3).Select(kind =>
        {
            var (state, seals) = (new SpaceState(), new List<(DateTimeOffset, string, DateTimeOffset, int)>());
            var cells = new SpaceCells("square", state);
            var zone = state.Zones["main"] = new ZoneState();
            for (var minute = 0; minute < 600; minute++)
            {
                var now = Noon.AddMinutes(minute);
                cells.Pin(space, 1, now, SpaceCells.AheadOnWallClock);
                if (minute is < 100 or > 130 and < 300 or > 310)
                    zone.Presence.Sample(random.Next(1 + (kind * 40)), now.AddSeconds(minute % 60), cells.PresenceCellOf("main", "camera", now)!.Value);
                zone.Presence.Forget(now);
                cells.Seal(now);
                seals.AddRange(state.Releases.Sealed.Where(cell => cell.Series == "main-presence").Select(cell => (now, cell.Series, cell.From, cell.Alive)));
                state.Releases.Sealed.Clear();
            }

            return seals;
        }).ToList();
        Assert.Contains(schedules[0], seal => seal.Item4 == 1);
        Assert.Contains(schedules[0], seal => seal.Item4 == 0);
        Assert.All(schedules, schedule => Assert.Equal(schedules[0], schedule));
    }

    [Fact]
    public void Terms_that_change_hold_from_the_next_midnight()
    {
        Begin(Noon);
        _space = SpaceOf(_space.Release with { Plan = CellLength.P60 });
        _cells.Pin(_space, 2, Noon.AddHours(1), SpaceCells.AheadOnWallClock);
        Assert.Equal(Noon.AddHours(1).AddMinutes(15), _cells.CellOf("gate", Noon.AddHours(1).AddMinutes(20)));
        Assert.Equal(1, _state.Releases.Days[Today].Version);
        _cells.Pin(_space, 2, Noon.AddHours(11), SpaceCells.AheadOnWallClock);
        Assert.Equal((2, CellLength.P60), (_state.Releases.Days[Today.AddDays(1)].Version, _state.Releases.Days[Today.AddDays(1)].Rules.Plan));
        Assert.Equal(Noon.AddHours(11), _cells.CellOf("gate", Noon.AddHours(11).AddMinutes(20)));
    }

    [Fact]
    public void Terms_are_taken_over_half_an_hour_before_their_day()
    {
        Begin(Noon);
        var midnight = Ledgers.On(Today).Day.To;
        Assert.False(_cells.Pin(_space, 1, midnight - SpaceCells.AheadOnWallClock - TimeSpan.FromTicks(1), SpaceCells.AheadOnWallClock));
        Assert.Null(_cells.CellOf("gate", midnight));
        Assert.True(_cells.Pin(_space, 1, midnight - SpaceCells.AheadOnWallClock, SpaceCells.AheadOnWallClock));
        Assert.Equal(midnight, _cells.CellOf("gate", midnight));
    }

    [Fact]
    public void A_hub_that_was_away_says_of_each_missed_cell_that_there_is_no_number()
    {
        Begin(Noon);
        var back = Noon.AddDays(3);
        var missed = new List<SealedCount>();
        for (var look = 0; look < 20; look++)
        {
            _cells.Pin(_space, 1, back, SpaceCells.AheadOnWallClock);
            _cells.Seal(back);
            missed.AddRange(_state.Releases.Sealed);
            _state.Releases.Sealed.Clear();
        }

        var inward = missed.Where(cell => cell.Series == "gate-in").ToList();
        Assert.All(inward, cell => Assert.Equal(0, cell.Alive));
        Assert.All(inward.Zip(inward.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.Equal(back - LineState.OpenFor, inward[^1].To);
        Assert.Equal([Today.AddDays(3)], _state.Releases.Days.Keys.Order());
    }

    [Fact]
    public void After_more_than_a_month_it_begins_anew()
    {
        Begin(Noon);
        Sealed(Noon.AddHours(1));
        _state.Releases.Sealed.Clear();
        var back = Noon.AddDays(SpaceCells.DaysMissedMax + 2);
        _cells.Pin(_space, 1, back, SpaceCells.AheadOnWallClock);
        Assert.Equal([Today.AddDays(SpaceCells.DaysMissedMax + 2)], _state.Releases.Days.Keys.Order());
    }

    [Fact]
    public void No_more_cells_wait_at_once_than_the_most()
    {
        Begin(Noon);
        var back = Noon.AddDays(20);
        _cells.Pin(_space, 1, back, SpaceCells.AheadOnWallClock);
        _cells.Seal(back);
        Assert.InRange(_state.Releases.Sealed.Count, SpaceCells.SealedMax, SpaceCells.SealedMax + 1);
    }

    [Fact]
    public void A_number_that_still_waits_for_the_ledger_six_hours_after_its_cell_is_forgotten()
    {
        Begin(Noon);
        Beat(Noon, 15);
        Count(Noon.AddMinutes(3), 7, 2);
        Sealed(Noon.AddMinutes(17));
        _cells.Seal(Noon.AddMinutes(15) + LineState.OpenFor - TimeSpan.FromTicks(1));
        Assert.Contains(_state.Releases.Sealed, cell => cell.Count == 7);
        _cells.Seal(Noon.AddMinutes(15) + LineState.OpenFor);
        Assert.DoesNotContain(_state.Releases.Sealed, cell => cell.Count > 0 || (cell.From == Noon && cell.Alive > 0));
    }

    [Fact]
    public void A_closed_space_has_no_cells()
    {
        _space = SpaceOf(_space.Release with { Class = PlaceClass.Closed });
        Begin(Noon);
        Assert.Null(_cells.CellOf("gate", Noon));
        Assert.Empty(Sealed(Noon.AddHours(9)));
    }

    [Fact]
    public void A_zone_has_a_number_where_each_minute_was_sampled_whether_or_not_its_device_sends_heartbeats()
    {
        _space = SpaceOf(_space.Release with { Presence = new PresenceRules(240, null) });
        Begin(Noon);
        for (var minute = -121; minute < 30; minute++)
        {
            if (minute is not (-121 or 20))
                Sample(Noon.AddMinutes(minute).AddSeconds(7), 10 + minute);
        }

        Assert.Empty(Presence(Noon.AddMinutes(17).AddTicks(-1)));
        Assert.Equal([(Noon, (15 * 10) + 105L, 1)], Presence(Noon.AddMinutes(17)));
        Assert.Single(Presence(Noon.AddMinutes(32)));
        _state.Zones["main"].Presence.Forget(Noon.AddMinutes(30 + PresenceCells.MinutesMax - 2));
        Assert.Single(Presence(Noon.AddMinutes(32)));
        _state.Zones["main"].Presence.Forget(Noon.AddMinutes(30 + PresenceCells.MinutesMax - 1));
        Assert.Equal((Noon.AddMinutes(15), 0L, 0), Presence(Noon.AddMinutes(32))[1]);
        Assert.Empty(_state.Zones["main"].Presence.Open);
    }

    [Fact]
    public void A_zone_of_which_a_minute_is_missing_waits_no_longer_than_for_its_heartbeat()
    {
        _space = SpaceOf(_space.Release with { Presence = new PresenceRules(240, null) });
        Begin(Noon);
        Sample(Noon, 10);
        _state.Devices["camera"] = new DeviceState();
        _state.Devices["camera"].Heard.Note(Noon.AddMinutes(15), TimeSpan.FromMinutes(30));
        Assert.Equal((Noon, 0L, 0), Presence(Noon.AddMinutes(17)).Last());
    }

    [Fact]
    public void A_whole_cell_after_midnight_waits_for_those_of_the_evening()
    {
        _space = SpaceOf(_space.Release with { Presence = new PresenceRules(240, null) });
        Begin(Noon);
        var midnight = Ledgers.On(Today).Day.To;
        _cells.Pin(_space, 1, midnight.AddMinutes(-1), SpaceCells.AheadOnWallClock);
        _state.Releases.Sealed.Clear();
        for (var minute = -150; minute < 15; minute++)
        {
            if (minute != -1)
                Sample(midnight.AddMinutes(minute), 10);
        }

        Assert.Equal(midnight.AddMinutes(-30), Presence(midnight.AddMinutes(17))[^1].From);
        _state.Zones["main"].Presence.Forget(midnight.AddMinutes(PresenceCells.MinutesMax - 1));
        Assert.Equal([(midnight.AddMinutes(-15), 0L, 0), (midnight, 150L, 1)], Presence(midnight.AddMinutes(17)).TakeLast(2));
    }

    [Fact]
    public void A_line_that_another_device_counts_from_midnight_on_loses_no_cell_of_the_evening()
    {
        Begin(Noon);
        var midnight = Ledgers.On(Today).Day.To;
        _space = _space with { Devices = [.. _space.Devices.Select(device => device.Id == "counter" ? device with { Id = "new" } : device)] };
        _cells.Pin(_space, 2, midnight.AddMinutes(-1), SpaceCells.AheadOnWallClock);
        _state.Devices["new"] = new DeviceState();
        _state.Devices["new"].Heard.Note(midnight, TimeSpan.FromMinutes(30));
        _state.Devices["new"].Heard.Note(midnight.AddMinutes(20), TimeSpan.FromMinutes(30));
        Assert.DoesNotContain(Sealed(midnight.AddMinutes(20)), cell => cell.From >= midnight);
        var late = midnight + LineState.OpenFor;
        Assert.Contains(Sealed(late), cell => cell.From == midnight.AddMinutes(-15) && cell.Alive == 0);
        Assert.Contains(Sealed(late), cell => cell.From == midnight && cell.Alive == 1);
    }

    [Fact]
    public void What_is_counted_in_a_zone_before_its_first_day_has_no_cell()
    {
        Begin(Noon);
        Assert.Null(_cells.PresenceCellOf("main", "camera", Noon));
        _space = SpaceOf(_space.Release with { Presence = new PresenceRules(240, null) });
        var midnight = Ledgers.On(Today).Day.To;
        _cells.Pin(_space, 2, midnight, SpaceCells.AheadOnWallClock);
        Assert.Null(_cells.PresenceCellOf("main", "camera", midnight.AddTicks(-1)));
        Assert.Equal(midnight, _cells.PresenceCellOf("main", "camera", midnight));
        Assert.Null(_cells.PresenceCellOf("main", "counter", midnight));
        Assert.Equal(midnight, _state.Zones["main"].Presence.SealedTo);
    }

    [Fact]
    public void A_device_that_never_vouches_is_believed_after_its_lag_and_marked()
    {
        _space = _space with { Devices = [.. _space.Devices.Select(device => device with { Lag = TimeSpan.FromMinutes(10) })] };
        Begin(Noon);
        Count(Noon.AddMinutes(3), 7, 2);
        Assert.DoesNotContain(Sealed(Noon.AddMinutes(25).AddTicks(-1)), cell => cell.From == Noon);
        var cells = Sealed(Noon.AddMinutes(40)).Where(cell => cell.From >= Noon).ToList();
        Assert.Equal([(7L, 1), (2L, 1), (0L, 1), (0L, 1)], cells.Select(cell => (cell.Count, cell.Alive)));
        Assert.All(cells, cell => Assert.True(cell.Unconfirmed));
    }

    [Theory]
    [InlineData(false, true, 1)]
    [InlineData(true, false, 0)]
    public void A_device_that_never_vouches_has_no_number_where_its_own_schedule_says_that_its_clock_is_wrong_and_a_count_does_not_decide(bool status, bool count, int alive)
    {
        _space = _space with { Devices = [.. _space.Devices.Select(device => device with { Lag = TimeSpan.FromMinutes(10) })] };
        Begin(Noon);
        var model = new SpaceModel(_space, _state, cells: _cells);
        model.Apply(Message(Noon, new HealthReading("", Noon, new Dictionary<string, double> { ["batteryPercent"] = 90 })) with { TimeFromDevice = !status, ClockFaulty = status });
        model.Apply(Message(Noon.AddMinutes(1), new CountReading("gate", Noon.AddMinutes(1), 1, 0, null)) with { TimeFromDevice = !count, ClockFaulty = count });
        model.Apply(Message(Noon.AddMinutes(2), new HealthReading("", Noon.AddMinutes(2), new Dictionary<string, double> { ["batteryPercent"] = 90 })) with { TimeFromDevice = false });
        Assert.All(Sealed(Noon.AddMinutes(25)).Where(cell => cell.From == Noon), cell => Assert.Equal(alive, cell.Alive));
        Assert.Contains(Sealed(Noon.AddMinutes(25)), cell => cell.From == Noon);
    }

    private static AcceptedMessage Message(DateTimeOffset at, params Reading[] readings) =>
        new() { DeviceId = "counter", Profile = "native/1", ArrivedAt = at, Time = at, TimeFromDevice = true, Readings = readings };

    private static PublicSpace SpaceOf(ReleaseRules rules) => new(
        "square", "Square", "Testville", Brussels, [], [new Zone("main", "Main", 100, 100, [])], [new CountingLine("gate", "Gate", 3, "outside", "main", [])], [],
        [new Device("counter", "Counter", DeviceKind.Counter, "native", DevicePurpose.Live, TimeSpan.FromMinutes(1), [new DeviceChannel("gate", ChannelSubject.Passages, "gate")]),
        new Device("camera", "Camera", DeviceKind.CountingCamera, "native", DevicePurpose.Live, TimeSpan.FromSeconds(30), [new DeviceChannel("main", ChannelSubject.People, "main")])], [])
    { Release = rules };

    private static void Count(SpaceState state, SpaceCells cells, DateTimeOffset at, long passagesIn, long passagesOut)
    {
        if (!state.Lines.TryGetValue("gate", out var line))
            state.Lines["gate"] = line = new LineState();
        line.Count(passagesIn, passagesOut, null, at, Brussels, new RepeatMarks(Numbered: true, default), cell: cells.CellOf("gate", at));
    }

    private void Sample(DateTimeOffset at, int people)
    {
        if (!_state.Zones.TryGetValue("main", out var zone))
            _state.Zones["main"] = zone = new ZoneState();
        Assert.Equal(SetAside.None, zone.Presence.Sample(people, at, _cells.PresenceCellOf("main", "camera", at)!.Value));
    }

    private List<(DateTimeOffset From, long Count, int Alive)> Presence(DateTimeOffset now) =>
        [.. Sealed(now).Where(cell => cell.Series == "main-presence" && cell.From >= Noon).Select(cell => (cell.From, cell.Count, cell.Alive))];

    private void Begin(DateTimeOffset now)
    {
        _state.Devices["counter"] = new DeviceState();
        Assert.True(_cells.Pin(_space, 1, now, SpaceCells.AheadOnWallClock));
        Assert.Equal(SpaceTerms.Now(_space, 1).Lines.Count == 0, _cells.TermsOf(Today) is null);
    }

    private void Beat(DateTimeOffset from, int minutes)
    {
        for (var minute = 0; minute <= minutes; minute++)
            _state.Devices["counter"].Heard.Note(from.AddMinutes(minute), TimeSpan.FromMinutes(2));
    }

    private void Count(DateTimeOffset at, long passagesIn, long passagesOut) => Count(_state, _cells, at, passagesIn, passagesOut);

    private List<SealedCount> Sealed(DateTimeOffset now)
    {
        _cells.Seal(now);
        return _state.Releases.Sealed;
    }
}
