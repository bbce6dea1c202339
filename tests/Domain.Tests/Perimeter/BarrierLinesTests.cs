using Monitoring.Domain.Intake;
using Monitoring.Domain.Perimeter;

namespace Monitoring.Domain.Tests.Perimeter;

public sealed class BarrierLinesTests
{
    [Theory]
    [InlineData("RRR", BarrierLineState.Closed)]
    [InlineData("LLL", BarrierLineState.Open)]
    [InlineData("RLR", BarrierLineState.Partly)]
    [InlineData("ULF", BarrierLineState.Partly)]
    [InlineData("RRU", BarrierLineState.Unknown)]
    [InlineData("RRM", BarrierLineState.Unknown)]
    [InlineData("RRF", BarrierLineState.Unknown)]
    [InlineData("U", BarrierLineState.Unknown)]
    [InlineData("", BarrierLineState.Unknown)]
    public void A_line_is_closed_only_when_every_element_is_known_to_be_raised(string elements, BarrierLineState expected) =>
        Assert.Equal(expected, BarrierLines.Join([.. elements.Select(Position)]));

    private static ElementPosition Position(char letter) => Enum.GetValues<ElementPosition>().Single(position => position.ToString()[0] == letter);
}
