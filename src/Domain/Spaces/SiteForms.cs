using System.Globalization;

namespace Monitoring.Domain.Spaces;

/// <summary>The forms that fields of a site take wherever they stand: lists, ids, words of a fixed set, points of the map.</summary>
public sealed partial class SiteReader
{
    private List<T> Each<T>(DocumentFields fields, string name, string what, Func<DocumentFields, T> read, Func<T, string> key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var all = new List<T>();
        foreach (var item in fields.Items(name))
        {
            var one = read(new DocumentFields(item, what, _problems));
            if (!seen.Add(key(one)))
                _problems.Add(item.Line, $"{what} '{key(one).Trim()}' stands twice", "give each its own name");
            all.Add(one);
        }

        return all;
    }

    private List<GeoPoint> ReadPath(DocumentFields fields, string name, int min, int max)
    {
        var points = new List<GeoPoint>();
        foreach (var item in fields.Items(name))
        {
            if (item is DocumentSequence { Items: [DocumentScalar longitude, DocumentScalar latitude] } && Degrees(longitude, 180) is { } east && Degrees(latitude, 90) is { } north)
                points.Add(new GeoPoint(east, north));
            else
                _problems.Add(item.Line, $"{name} has a point that is not [longitude, latitude]", "write degrees, such as [7.2710, 43.6961]");
        }

        if (fields.Has(name) && (points.Count < min || points.Count > max))
            _problems.Add(fields.LineOf(name), $"{name} has {points.Count} points", $"use {min} to {max}");
        return points;
    }

    private static double? Degrees(DocumentScalar scalar, double max) =>
        double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= max ? degrees : null;

    private string Id(DocumentFields fields, string name)
    {
        var id = fields.Text(name);
        if (id.Length > 64 || id.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            _problems.Add(fields.LineOf(name), $"'{id}' is not an id", "use 1 to 64 of a to z, 0 to 9 and -");
        return id;
    }

    private T Choice<T>(DocumentFields fields, string field, T first, bool otherwise = false, Func<string, string>? name = null)
        where T : struct, Enum
    {
        name ??= Kebab;
        if (otherwise && !fields.Has(field))
            return first;
        var text = fields.Text(field);
        foreach (var value in Enum.GetValues<T>())
        {
            if (name(value.ToString()) == text)
                return value;
        }

        if (text.Length > 0)
            _problems.Add(fields.LineOf(field), $"{field} is '{text}'", $"use one of: {string.Join(", ", Enum.GetNames<T>().Select(name))}");
        return first;
    }

    private static string? Given(string text) => text.Length > 0 ? text : null;

    private static string Kebab(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
