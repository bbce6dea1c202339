using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>The geometry of a space as GeoJSON, made from the site document: what a plan is drawn from.</summary>
internal static class PlanGeometry
{
    /// <summary>Whether the site gives any place at all.</summary>
    public static bool IsThere(PublicSpace place) => place.Outline.Count > 0 || place.Zones.Any(zone => zone.Outline.Count > 0) || place.Lines.Any(line => line.Path.Count > 1);

    /// <summary>A GeoJSON feature collection (RFC 7946).</summary>
    public static object Of(PublicSpace place) => new
    {
        type = "FeatureCollection",
        features = (IEnumerable<object?>)[Feature("outline", place.Id, place.Name, Polygon(place.Outline)), .. place.Zones.Select(Zone), .. place.Lines.Select(line => Line(place, line)), .. place.BarrierLines.SelectMany(Barrier), .. DeviceMark.Of(place).Select(Device)],
    };

    private static object? Zone(Zone zone) => Feature("zone", zone.Id, zone.Name, Polygon(zone.Outline));

    private static object? Line(PublicSpace place, CountingLine line) => line.Path.Count < 2 ? null : Feature("line", line.Id, line.Name, LineString(line.Path), Toward(place, line));

    private static IEnumerable<object?> Barrier(BarrierLine line)
    {
        var placed = line.Elements.Where(element => element.Path.Count > 0).ToList();
        if (placed.Count > 1)
            yield return Feature("barrier", line.Id, line.Name, LineString([.. placed.Select(element => element.Path[0])]));
        foreach (var element in placed)
            yield return Feature("element", $"{line.Id}/{element.Id}", element.Name, new { type = "Point", coordinates = Pair(element.Path[0]) });
    }

    private static object Device(DeviceMark mark) => new
    {
        type = "Feature",
        properties = new { kind = "device", id = mark.Id, name = mark.Device.Name, sign = DeviceMark.Sign(mark.Device.Kind), link = $"/equipment/{Uri.EscapeDataString(mark.Device.Id)}" },
        geometry = new { type = "Point", coordinates = Pair(mark.At) },
    };

    // Inward is toward the zone that passages enter, or away from the one that they leave; without an outline of either nobody can say.
    private static double[]? Toward(PublicSpace place, CountingLine line)
    {
        var middle = Middle(line.Path);
        if (place.Zones.FirstOrDefault(zone => zone.Id == line.To) is { Outline.Count: > 0 } to)
            return Pair(Middle(to.Outline));
        if (place.Zones.FirstOrDefault(zone => zone.Id == line.From) is not { Outline.Count: > 0 } from)
            return null;
        var behind = Middle(from.Outline);
        return [2 * middle.Longitude - behind.Longitude, 2 * middle.Latitude - behind.Latitude];
    }

    private static object? Feature(string kind, string id, string name, object? geometry, double[]? toward = null) => geometry is null ? null : new { type = "Feature", properties = new { kind, id, name, toward }, geometry };

    private static object? Polygon(IReadOnlyList<GeoPoint> outline) => outline.Count < 3 ? null : new { type = "Polygon", coordinates = new[] { outline.Append(outline[0]).Select(Pair).ToArray() } };

    private static object LineString(IReadOnlyList<GeoPoint> path) => new { type = "LineString", coordinates = path.Select(Pair).ToArray() };

    /// <summary>Middle of some points, at least one.</summary>
    public static GeoPoint Middle(IReadOnlyList<GeoPoint> points) => new(points.Average(point => point.Longitude), points.Average(point => point.Latitude));

    /// <summary>Centroid of an area; the middle of its corners where they enclose none.</summary>
    public static GeoPoint Centroid(IReadOnlyList<GeoPoint> outline)
    {
        // Reckoned from the first corner: the products of whole coordinates would lose the small differences.
        var first = outline[0];
        var (area, east, north) = (0d, 0d, 0d);
        foreach (var (from, to) in outline.Zip(outline.Skip(1).Append(first)))
        {
            var (x1, y1, x2, y2) = (from.Longitude - first.Longitude, from.Latitude - first.Latitude, to.Longitude - first.Longitude, to.Latitude - first.Latitude);
            var cross = (x1 * y2) - (x2 * y1);
            area += cross / 2;
            east += (x1 + x2) * cross / 6;
            north += (y1 + y2) * cross / 6;
        }

        return area == 0 ? Middle(outline) : new(first.Longitude + (east / area), first.Latitude + (north / area));
    }

    private static double[] Pair(GeoPoint point) => [point.Longitude, point.Latitude];
}

/// <summary>What the plan shows of one thing now; equal where nothing changed, so that only changes travel.</summary>
/// <param name="Kind">zone, line, barrier, element or device.</param>
/// <param name="Id">Its id on the plan.</param>
/// <param name="State">State as the style sheet names it.</param>
/// <param name="First">First words: level and density of a zone, flow inward, the sign of an element or of a device's state.</param>
/// <param name="Second">Second words: people of a zone, flow outward, an element or device in a sentence.</param>
internal sealed record PlanItem(string Kind, string Id, string State, string First = "", string Second = "")
{
    /// <summary>Everything of a space that the plan shows.</summary>
    public static IEnumerable<PlanItem> Of(SpaceSnapshot state)
    {
        foreach (var zone in state.Zones)
            yield return new("zone", zone.Id, zone.LevelOfService.ToString().ToLowerInvariant(), $"{zone.LevelOfService.Letter()} · {(zone.Density is null ? "not known" : $"{Words.Density(zone.Density)} p/m²")}", zone.People is null ? "people unknown" : $"{Words.Whole(zone.People)} people");
        foreach (var flow in ExitFlow.Of(state))
            yield return new("line", flow.Line.Id, flow.Class, Words.Rate(flow.Line.FlowInPerMinute), Words.Rate(flow.Line.FlowOutPerMinute));
        foreach (var line in state.BarrierLines)
        {
            yield return new("barrier", line.Id, line.State.ToString().ToLowerInvariant());
            foreach (var element in line.Elements)
                yield return new("element", $"{line.Id}/{element.Id}", element.Position.ToString().ToLowerInvariant(), Words.Sign(element.Position), $"{element.Name}: {(element.HasTelemetry ? element.Position.Word() : "reports nothing")}");
        }
    }
}
