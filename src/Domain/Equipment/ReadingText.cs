using System.Globalization;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>A reading as named texts, as fixtures write them.</summary>
internal static class ReadingText
{
    public static IReadOnlyList<(string Name, string Value)> Fields(string device, Reading reading)
    {
        var fields = new List<(string, string)> { ("device", device), ("time", Of(reading.Time)) };
        if (reading.Channel.Length > 0)
            fields.Add(("channel", reading.Channel));
        switch (reading)
        {
            case CountReading count:
                fields.AddRange([("count.in", Of(count.In)), ("count.out", Of(count.Out))]);
                if (count.From is { } from)
                    fields.Add(("count.from", Of(from)));
                break;
            case TotalReading total:
                fields.AddRange([("total.in", Of(total.In)), ("total.out", Of(total.Out))]);
                if (total.Modulus is { } modulus)
                    fields.Add(("total.modulus", Of(modulus)));
                break;
            case OccupancyReading occupancy:
                fields.Add(("occupancy.people", Of(occupancy.People)));
                break;
            case DensityReading density:
                fields.Add(("density.perM2", Of(density.PerM2)));
                break;
            case PositionReading position:
                fields.Add(("position", position.Position.ToString().ToLowerInvariant()));
                break;
            case HealthReading health:
                fields.AddRange(health.Values.Select(value => ($"health.{value.Key}", Of(value.Value))));
                break;
            case NoiseReading noise:
                fields.Add(("noise.laeqDb", Of(noise.LaeqDb)));
                break;
            case EventReading happened:
                fields.Add(("event.type", happened.Type));
                if (happened.Code is { } code)
                    fields.Add(("event.code", Of(code)));
                break;
        }

        return fields;
    }

    public static string Of(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Whether two texts mean the same number, instant or text.</summary>
    public static bool Same(string a, string b)
    {
        if (a == b)
            return true;
        if (double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out var y))
            return x == y;
        return DateTimeOffset.TryParse(a, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var s) && DateTimeOffset.TryParse(b, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var t) && s == t;
    }

    private static string Of(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
