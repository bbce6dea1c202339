namespace Monitoring.Domain.Spaces;

/// <summary>Whether outlines on the map cover the same ground.</summary>
public static class Outlines
{
    /// <summary>Ground that two outlines may share because they were drawn by hand, in m².</summary>
    public const double SharedM2Max = 1;

    private const double MetresPerDegree = 111_320;

    /// <summary>Whether two outlines cover more of the same ground than a slip of the hand.</summary>
    /// <param name="one">Corners of the one, in order; the last joins the first.</param>
    /// <param name="other">Corners of the other.</param>
    /// <returns>False where either has no outline.</returns>
    public static bool Overlap(IReadOnlyList<GeoPoint> one, IReadOnlyList<GeoPoint> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Count >= 3 && other.Count >= 3 && SharedM2(EdgesOf(one, one[0]), EdgesOf(other, one[0])) > SharedM2Max;
    }

    // Between two heights at which edges begin, end or cross, what both cover is as wide in the middle as it is on average.
    private static double SharedM2(List<Edge> one, List<Edge> other)
    {
        var heights = one.Concat(other).Select(edge => edge.FromY).Concat(from a in one from b in other let y = a.Crosses(b) where y is not null select y.Value).Distinct().Order().ToList();
        return heights.Zip(heights.Skip(1)).Sum(band => (band.Second - band.First) * SharedWidth(SpansAt(one, Middle(band)), SpansAt(other, Middle(band))));
    }

    private static double Middle((double From, double To) band) => (band.From + band.To) / 2;

    private static double SharedWidth(List<(double From, double To)> one, List<(double From, double To)> other) =>
        (from a in one from b in other select Math.Max(0, Math.Min(a.To, b.To) - Math.Max(a.From, b.From))).Sum();

    private static List<(double From, double To)> SpansAt(List<Edge> edges, double y)
    {
        var crossings = edges.Where(edge => edge.FromY > y != edge.ToY > y).Select(edge => edge.XAt(y)).Order().ToList();
        return [.. crossings.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1]))];
    }

    private static List<Edge> EdgesOf(IReadOnlyList<GeoPoint> corners, GeoPoint origin)
    {
        var narrower = Math.Cos(origin.Latitude * Math.PI / 180);
        var points = corners.Select(corner => (X: (corner.Longitude - origin.Longitude) * MetresPerDegree * narrower, Y: (corner.Latitude - origin.Latitude) * MetresPerDegree)).ToList();
        return [.. points.Select((from, at) => new Edge(from.X, from.Y, points[(at + 1) % points.Count].X, points[(at + 1) % points.Count].Y))];
    }

    private readonly record struct Edge(double FromX, double FromY, double ToX, double ToY)
    {
        public double XAt(double y) => FromX + ((y - FromY) * (ToX - FromX) / (ToY - FromY));

        /// <summary>The height at which it crosses another; null where it does not.</summary>
        public double? Crosses(Edge other)
        {
            var (dx, dy, ex, ey) = (ToX - FromX, ToY - FromY, other.ToX - other.FromX, other.ToY - other.FromY);
            var turn = (dx * ey) - (dy * ex);
            if (turn == 0)
                return null;
            var along = (((other.FromX - FromX) * ey) - ((other.FromY - FromY) * ex)) / turn;
            var alongOther = (((other.FromX - FromX) * dy) - ((other.FromY - FromY) * dx)) / turn;
            return along is > 0 and < 1 && alongOther is > 0 and < 1 ? FromY + (along * dy) : null;
        }
    }
}
