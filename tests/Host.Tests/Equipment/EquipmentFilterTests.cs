using Monitoring.Dashboard.Equipment;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>When a device last measured follows single passages: who is not shown it must not read it from the order either.</summary>
public sealed class EquipmentFilterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void To_a_technician_the_order_by_measurement_says_only_what_is_overdue()
    {
        var byMeasurement = EquipmentFilter.Of(null, null, null, null, "measurement", null, null);
        string[] before = [.. byMeasurement.Of([Line("a", "fresh", 3), Line("b", "fresh", 2), Line("c", "overdue", 9)], isSummary: false).Select(line => line.Device.Id)];
        string[] after = [.. byMeasurement.Of([Line("a", "fresh", 3), Line("b", "fresh", 4), Line("c", "overdue", 9)], isSummary: false).Select(line => line.Device.Id)];
        Assert.Equal(["c", "a", "b"], before);
        Assert.Equal(before, after);
    }

    [Fact]
    public void To_an_operator_what_measured_longest_ago_comes_first()
    {
        var byMeasurement = EquipmentFilter.Of(null, null, null, null, "measurement", null, null);
        Assert.Equal(["b", "a"], byMeasurement.Of([Line("a", "fresh", 3), Line("b", "fresh", 4)], isSummary: true).Select(line => line.Device.Id));
    }

    private static EquipmentLine Line(string id, string measurement, int minutesAgo) => new(Devices.Of(id) with { Measurement = measurement, MeasurementAt = Noon.AddMinutes(-minutesAgo) }, "Square", IsLive: true);
}
