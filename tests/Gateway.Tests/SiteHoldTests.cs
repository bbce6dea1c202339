using Monitoring.Gateway.Spaces;

namespace Monitoring.Gateway.Tests;

public sealed class SiteHoldTests
{
    private readonly SiteHold _hold = new();

    [Fact]
    public void A_gateway_that_nobody_holds_admits_by_any_site() => Assert.True(_hold.Admits(0));

    [Fact]
    public void A_held_door_opens_with_the_version_that_was_imported_and_not_with_one_that_nobody_confirmed()
    {
        _hold.Hold();
        Assert.False(_hold.Admits(4));
        _hold.LiftAt(5);
        Assert.False(_hold.Admits(0));
        Assert.False(_hold.Admits(4));
        Assert.True(_hold.Admits(5));
        Assert.True(_hold.Admits(6));
    }
}
