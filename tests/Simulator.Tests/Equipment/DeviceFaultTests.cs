using System.Text;
using Monitoring.Domain.Intake;
using Monitoring.Simulator.Equipment;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Tests.Equipment;

/// <summary>Each fault does what its name says, and nothing else.</summary>
public sealed class DeviceFaultTests
{
    private const string Counter = "liege-counter-leopold";

    [Fact]
    public void A_silent_device_says_nothing_and_never_counts_what_passed_meanwhile()
    {
        var silent = Played.Of(Played.With(Counter, FaultKind.Silent, 5, 5), 1_200);
        Assert.DoesNotContain(silent.By(Counter), sent => Within(sent.SentAt, 5, 10));
        Assert.Contains(silent.By(Counter), sent => !Within(sent.SentAt, 0, 10));
        var healthy = Played.Of(Played.With("none", FaultKind.Silent, 0, 0), 1_200);
        Assert.Equal(Texts(healthy, but: Counter), Texts(silent, but: Counter));
        Assert.DoesNotContain(silent.Readings<CountReading>(Counter), count => count.Time > Minute(5) && count.From < Minute(10).AddSeconds(-1));
        var (with, without) = (silent.Readings<CountReading>(Counter).Sum(count => count.In), healthy.Readings<CountReading>(Counter).Sum(count => count.In));
        Assert.InRange(with, 0.6 * without, 0.9 * without);
    }

    [Fact]
    public void A_dead_clock_stamps_from_2000_on_never_twice_and_measures_lengths_rightly()
    {
        var played = Played.Of(Played.With(Counter, FaultKind.DeadClock, 5, 5), 2_700);
        var dead = played.By(Counter).Where(sent => Within(sent.SentAt, 5.1, 10)).ToList();
        Assert.All(dead.SelectMany(sent => sent.Report.Readings.OfType<CountReading>()), count => Assert.Equal((2000, 10), (count.Time.Year, (int)(count.Time - count.From!.Value).TotalSeconds)));
        Assert.All(dead, sent => Assert.Contains("\"time\":\"2000-01-01T00:", Encoding.UTF8.GetString(sent.Report.Message.Payload), StringComparison.Ordinal));
        Assert.All(played.By(Counter).Where(sent => Within(sent.SentAt, 10.1, 35)), sent => Assert.DoesNotContain("2000-", Encoding.UTF8.GetString(sent.Report.Message.Payload), StringComparison.Ordinal));
        var stamps = played.Readings<CountReading>(Counter).Select(count => count.Time).ToList();
        Assert.Equal(stamps.Count, stamps.Distinct().Count());
        Assert.True(stamps.Count(stamp => stamp.Year == 2000) > 40, "the fault comes again with the scene");
    }

    [Theory]
    [InlineData("StuckLowered", ElementPosition.Lowered)]
    [InlineData("StuckMoving", ElementPosition.Moving)]
    public void A_stuck_bollard_stays_as_it_is_and_comes_up_when_it_is_freed(string kind, ElementPosition position)
    {
        var played = Played.Of(Played.With("nice-bollard-sea", Enum.Parse<FaultKind>(kind), 5, 8), 960);
        var positions = played.Readings<PositionReading>("nice-bollard-sea").ToList();
        Assert.All(positions.Where(reading => reading.Time >= Minute(5.5) && reading.Time < Minute(13)), reading => Assert.Equal(position, reading.Position));
        Assert.True(positions.Count(reading => reading.Time >= Minute(5.5) && reading.Time < Minute(13)) >= 14);
        Assert.Contains(positions, reading => reading.Time >= Minute(13) && reading.Position == ElementPosition.Raised);
    }

    [Fact]
    public void A_battery_runs_down_and_is_replaced()
    {
        var levels = Played.Of(Played.With("nice-bollard-sea", FaultKind.BatteryRunsDown, 5, 10), 1_200).Readings<HealthReading>("nice-bollard-sea").Select(health => (health.Time, Percent: health.Values["batteryPercent"])).ToList();
        var running = levels.Where(level => level.Time >= Minute(5) && level.Time < Minute(15)).Select(level => level.Percent).ToList();
        Assert.Equal(running.OrderDescending(), running);
        Assert.True(running[0] > 15 && running[^1] < 10);
        Assert.All(levels.Where(level => level.Time < Minute(5) || level.Time >= Minute(15)), level => Assert.True(level.Percent > 50));
    }

    [Fact]
    public void A_lost_link_sends_late_in_order_what_was_measured_meanwhile_and_loses_nothing()
    {
        const string Cabinet = "turin-murazzi-cabinet";
        string[] behind = ["turin-murazzi-counter-north", "turin-murazzi-counter-south", "turin-murazzi-camera", "turin-murazzi-barrier"];
        var cut = Played.Of(Played.With(Cabinet, FaultKind.LinkLost, 5, 5), 1_200);
        var whole = Played.Of(Played.With("none", FaultKind.Silent, 0, 0), 1_200);
        Assert.DoesNotContain(cut.Sent, sent => behind.Contains(sent.Report.Device) && Within(sent.SentAt, 5, 10));
        Assert.All(behind, device => Assert.Equal(Texts(whole, only: device), Texts(cut, only: device)));
        Assert.Equal(Texts(whole, but: [.. behind]), Texts(cut, but: [.. behind]));
        var late = cut.Sent.Where(sent => behind.Contains(sent.Report.Device) && Within(sent.SentAt, 10, 20)).GroupBy(sent => sent.SentAt).Select(second => second.Count()).ToList();
        Assert.Equal(LostLink<DeviceReport>.LatePerSecond, late.Max());
    }

    [Fact]
    public void A_cabinet_cut_off_for_too_long_loses_the_oldest()
    {
        var link = new LostLink<int> { Down = true };
        Assert.Empty(link.Pass(Enumerable.Range(0, LostLink<int>.KeptMax + 3)));
        link.Down = false;
        var late = new List<int>();
        while (link.Pass([]).ToList() is { Count: > 0 } second)
            late.AddRange(second);
        Assert.Equal(Enumerable.Range(3, LostLink<int>.KeptMax), late);
    }

    private static DateTimeOffset Minute(double minute) => Played.Start.AddMinutes(minute);

    private static bool Within(DateTimeOffset at, double from, double to) => at >= Minute(from) && at < Minute(to);

    private static IEnumerable<string> Texts(Played played, params string[] but) => played.Sent.Where(sent => !but.Contains(sent.Report.Device)).Select(sent => $"{sent.SentAt:T} {Encoding.UTF8.GetString(sent.Report.Message.Payload)}");

    private static IEnumerable<string> Texts(Played played, string only) => played.By(only).Select(sent => Encoding.UTF8.GetString(sent.Report.Message.Payload));
}
