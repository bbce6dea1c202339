using Monitoring.Dashboard.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>A position is only said while its channel is alive: a barrier that is silent may have moved.</summary>
public sealed class PositionTests
{
    private static readonly DeviceStatus Bollard = Devices.Of("bollard") with { Positions = new Dictionary<string, ElementPosition> { ["b1"] = ElementPosition.Raised } };

    [Fact]
    public void A_device_that_reports_has_its_position_and_a_channel_without_one_has_none()
    {
        Assert.Equal(ElementPosition.Raised, EquipmentWords.PositionOf(Bollard, "b1"));
        Assert.Null(EquipmentWords.PositionOf(Bollard, "b2"));
        Assert.Equal("raised", DeviceDetail.Of(Bollard).Positions["b1"]);
    }

    [Theory]
    [InlineData(DeviceCondition.Silent, "silent")]
    [InlineData(DeviceCondition.NeverHeard, "never-heard")]
    [InlineData(DeviceCondition.Degraded, "channel-silent")]
    public void A_silent_one_has_a_position_that_is_not_known_on_the_page_and_over_the_api(DeviceCondition state, string reason)
    {
        var silent = Bollard with { State = state, Reasons = [reason] };
        Assert.Equal(ElementPosition.Unknown, EquipmentWords.PositionOf(silent, "b1"));
        Assert.Equal("unknown", DeviceDetail.Of(silent).Positions["b1"]);
    }
}
