using Monitoring.Domain.Spaces;

namespace Monitoring.Simulator.Tests.Spaces;

/// <summary>The sample site draws well: zones lie inside their space and beside each other, lines on the borders of what they join.</summary>
public sealed class SampleGeometryTests
{
    /// <summary>Coordinates are rounded to a millionth of a degree: about a decimetre.</summary>
    private const double NearM = 0.5;

    private static readonly Site Site = Samples.Site("pilot-city").Site;

    public static TheoryData<string> Spaces => [.. Site.Spaces.Select(space => space.Id)];

    [Theory, MemberData(nameof(Spaces))]
    public void Outlines_do_not_cross_themselves(string id)
    {
        var plan = new Plan(id);
        Assert.All(plan.Zones.Values.Append(plan.Outline), polygon => Assert.Equal(0, Crossings(polygon)));
    }

    [Theory, MemberData(nameof(Spaces))]
    public void Zones_lie_within_the_outline_and_not_on_each_other(string id)
    {
        var plan = new Plan(id);
        Assert.All(plan.Zones.Values.SelectMany(zone => zone), corner => Assert.True(Inside(corner, plan.Outline) || Distance(corner, plan.Outline) < NearM));
        foreach (var (one, other) in plan.Zones.Values.SelectMany((one, i) => plan.Zones.Values.Skip(i + 1).Select(other => (one, other))))
            Assert.DoesNotContain(SamplesOf(one), point => Inside(point, other) && Distance(point, other) > NearM);
        Assert.InRange(plan.Zones.Values.Sum(Area), 0.98 * Area(plan.Outline), 1.02 * Area(plan.Outline));
    }

    [Theory, MemberData(nameof(Spaces))]
    public void The_walkable_area_fits_into_the_outline_of_its_zone(string id)
    {
        var plan = new Plan(id);
        Assert.All(plan.Space.Zones, zone => Assert.InRange(zone.AreaM2, 0.25 * Area(plan.Zones[zone.Id]), Area(plan.Zones[zone.Id])));
        Assert.All(plan.Space.Zones, zone => Assert.InRange(zone.Capacity / zone.AreaM2, 0.5, 2.5));
    }

    [Theory, MemberData(nameof(Spaces))]
    public void Lines_lie_on_the_borders_of_what_they_join_and_are_as_long_as_they_are_wide(string id)
    {
        var plan = new Plan(id);
        foreach (var line in plan.Space.Lines)
        {
            var path = plan.Local(line.Path);
            Assert.InRange(Length(path[0], path[1]), line.WidthM - NearM, line.WidthM + NearM);
            foreach (var side in (string[])[line.From, line.To])
            {
                var border = side == CountingLine.Outside ? plan.Outline : plan.Zones[side];
                Assert.All(path, end => Assert.True(Distance(end, border) < NearM, $"{line.Id} is {Distance(end, border):0.0} m off the border of {side}"));
            }
        }
    }

    [Theory, MemberData(nameof(Spaces))]
    public void Barriers_stand_on_the_edge_of_the_space(string id)
    {
        var plan = new Plan(id);
        Assert.All(plan.Space.BarrierLines.SelectMany(line => line.Elements).SelectMany(element => plan.Local(element.Path)), point => Assert.True(Distance(point, plan.Outline) < NearM));
    }

    [Fact]
    public void Every_space_has_up_to_three_zones_up_to_five_lines_and_a_barrier_line()
    {
        Assert.All(Site.Spaces, space => Assert.Equal((true, true, 1), (space.Zones.Count is >= 1 and <= 3, space.Lines.Count is >= 2 and <= 5, Math.Sign(space.BarrierLines.Count))));
        Assert.Contains(Site.Spaces, space => space.Name.Length > 60);
    }

    private static IEnumerable<(double X, double Y)> SamplesOf(IReadOnlyList<(double X, double Y)> polygon)
    {
        var (left, right, bottom, top) = (polygon.Min(p => p.X), polygon.Max(p => p.X), polygon.Min(p => p.Y), polygon.Max(p => p.Y));
        return from i in Enumerable.Range(0, 40)
               from j in Enumerable.Range(0, 40)
               let point = (left + (right - left) * i / 39, bottom + (top - bottom) * j / 39)
               where Inside(point, polygon)
               select point;
    }

    private static IEnumerable<((double X, double Y) A, (double X, double Y) B)> Edges(IReadOnlyList<(double X, double Y)> polygon) => polygon.Select((corner, i) => (corner, polygon[(i + 1) % polygon.Count]));

    private static int Crossings(IReadOnlyList<(double X, double Y)> polygon)
    {
        var edges = Edges(polygon).ToList();
        return edges.SelectMany((one, i) => edges.Skip(i + 1).Where(other => Cross(one.A, one.B, other.A) * Cross(one.A, one.B, other.B) < -1e-3 && Cross(other.A, other.B, one.A) * Cross(other.A, other.B, one.B) < -1e-3)).Count();
    }

    private static double Cross((double X, double Y) a, (double X, double Y) b, (double X, double Y) c) => (b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X);

    private static double Area(IReadOnlyList<(double X, double Y)> polygon) => Math.Abs(Edges(polygon).Sum(edge => edge.A.X * edge.B.Y - edge.B.X * edge.A.Y)) / 2;

    private static bool Inside((double X, double Y) point, IReadOnlyList<(double X, double Y)> polygon) =>
        Edges(polygon).Count(edge => edge.A.Y > point.Y != edge.B.Y > point.Y && point.X < (edge.B.X - edge.A.X) * (point.Y - edge.A.Y) / (edge.B.Y - edge.A.Y) + edge.A.X) % 2 == 1;

    private static double Distance((double X, double Y) point, IReadOnlyList<(double X, double Y)> polygon) => Edges(polygon).Min(edge =>
    {
        var along = Math.Clamp(((point.X - edge.A.X) * (edge.B.X - edge.A.X) + (point.Y - edge.A.Y) * (edge.B.Y - edge.A.Y)) / Math.Pow(Length(edge.A, edge.B), 2), 0, 1);
        return Length(point, (edge.A.X + along * (edge.B.X - edge.A.X), edge.A.Y + along * (edge.B.Y - edge.A.Y)));
    });

    private static double Length((double X, double Y) a, (double X, double Y) b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));

    /// <summary>A space in metres east and north of its first corner.</summary>
    private sealed class Plan
    {
        private readonly GeoPoint _origin;

        public Plan(string id)
        {
            Space = Site.Spaces.Single(space => space.Id == id);
            _origin = Space.Outline[0];
            Outline = Local(Space.Outline);
            Zones = Space.Zones.ToDictionary(zone => zone.Id, zone => Local(zone.Outline));
        }

        public PublicSpace Space { get; }

        public IReadOnlyList<(double X, double Y)> Outline { get; }

        public Dictionary<string, IReadOnlyList<(double X, double Y)>> Zones { get; }

        public IReadOnlyList<(double X, double Y)> Local(IEnumerable<GeoPoint> points) =>
            [.. points.Select(point => ((point.Longitude - _origin.Longitude) * 111_320 * Math.Cos(_origin.Latitude * Math.PI / 180), (point.Latitude - _origin.Latitude) * 110_574))];
    }
}
