using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

/// <summary>Whether two outlines cover the same ground; about ten metres a ten-thousandth of a degree.</summary>
public sealed class OutlinesTests
{
    private static readonly GeoPoint[] Square = [new(4.0000, 50.0000), new(4.0010, 50.0000), new(4.0010, 50.0010), new(4.0000, 50.0010)];

    [Fact]
    public void An_outline_overlaps_itself_and_one_within_it()
    {
        Assert.True(Outlines.Overlap(Square, Square));
        Assert.True(Outlines.Overlap(Square, [new(4.0004, 50.0004), new(4.0006, 50.0004), new(4.0005, 50.0006)]));
        Assert.True(Outlines.Overlap([new(4.0004, 50.0004), new(4.0006, 50.0004), new(4.0005, 50.0006)], Square));
    }

    [Fact]
    public void Neighbours_that_share_an_edge_or_a_corner_do_not_overlap()
    {
        Assert.False(Outlines.Overlap(Square, [new(4.0010, 50.0000), new(4.0020, 50.0000), new(4.0020, 50.0010), new(4.0010, 50.0010)]));
        Assert.False(Outlines.Overlap(Square, [new(4.0010, 50.0010), new(4.0020, 50.0010), new(4.0020, 50.0020)]));
    }

    [Fact]
    public void A_strip_along_shared_edges_overlaps()
    {
        Assert.True(Outlines.Overlap(Square, [new(4.0009, 50.0000), new(4.0020, 50.0000), new(4.0020, 50.0010), new(4.0009, 50.0010)]));
        Assert.True(Outlines.Overlap(Square, [new(4.0002, 49.9990), new(4.0004, 49.9990), new(4.0004, 50.0020), new(4.0002, 50.0020)]));
    }

    [Fact]
    public void A_slip_of_the_hand_does_not_overlap_and_a_square_metre_does()
    {
        // 111 m long; 0.7 cm and 1.4 cm wide.
        Assert.False(Outlines.Overlap(Square, [new(4.0009999, 50.0000), new(4.0020, 50.0000), new(4.0020, 50.0010), new(4.0009999, 50.0010)]));
        Assert.True(Outlines.Overlap(Square, [new(4.0009998, 50.0000), new(4.0020, 50.0000), new(4.0020, 50.0010), new(4.0009998, 50.0010)]));
    }

    [Fact]
    public void Ground_in_the_bay_of_a_horseshoe_is_not_part_of_it()
    {
        GeoPoint[] horseshoe = [new(4.0000, 50.0000), new(4.0030, 50.0000), new(4.0030, 50.0030), new(4.0020, 50.0030), new(4.0020, 50.0010), new(4.0010, 50.0010), new(4.0010, 50.0030), new(4.0000, 50.0030)];
        Assert.False(Outlines.Overlap(horseshoe, [new(4.0012, 50.0012), new(4.0018, 50.0012), new(4.0018, 50.0028), new(4.0012, 50.0028)]));
        Assert.True(Outlines.Overlap(horseshoe, [new(4.0012, 50.0012), new(4.0024, 50.0012), new(4.0024, 50.0028), new(4.0012, 50.0028)]));
    }

    [Fact]
    public void Crossed_triangles_overlap() =>
        Assert.True(Outlines.Overlap([new(4.0000, 50.0000), new(4.0020, 50.0000), new(4.0010, 50.0020)], [new(4.0000, 50.0014), new(4.0020, 50.0014), new(4.0010, 49.9994)]));

    [Fact]
    public void What_has_no_outline_overlaps_nothing() => Assert.False(Outlines.Overlap(Square, []));
}
