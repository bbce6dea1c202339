using System.Text.Json.Serialization;
using Monitoring.Domain.History;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.History;

/// <summary>A series as people call it: the counting line and where those go who are counted, or the zone.</summary>
/// <param name="Name">Name of the line or zone; the series' own id where the site has neither any more.</param>
/// <param name="Toward">Name of the zone into which the counted passages lead, or <c>outside</c>; null for people in a zone, and where the site has no such line.</param>
/// <param name="Line">The counting line; null where it is none, or one that the site has no more.</param>
internal sealed record SeriesWords(string Name, string? Toward, CountingLine? Line)
{
    /// <summary>Finds what the site says of a series now.</summary>
    /// <param name="space">The space.</param>
    /// <param name="series">The series.</param>
    public static SeriesWords Of(PublicSpace space, string series)
    {
        foreach (var line in space.Lines)
        {
            if (series == ReleasedLine.In(line.Id))
                return new SeriesWords(line.Name, ZoneName(space, line.To), line);
            if (series == ReleasedLine.Out(line.Id))
                return new SeriesWords(line.Name, ZoneName(space, line.From), line);
        }

        return new SeriesWords(space.Zones.FirstOrDefault(zone => ReleasedZone.Of(zone.Id) == series)?.Name ?? series, null, null);
    }

    /// <summary>In one line.</summary>
    public override string ToString() => Toward is null ? Name : $"{Name}, to {Toward}";

    private static string ZoneName(PublicSpace space, string zone) => space.Zones.FirstOrDefault(known => known.Id == zone)?.Name ?? zone;
}

/// <summary>A series of a space, and what it counts.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Name">Name of its counting line or zone, as the site has it now; the series again where the site has it no more.</param>
/// <param name="Toward">Where the counted passages lead: a zone's name, or <c>outside</c>; left out for people in a zone.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="From">Start of the oldest point, UTC.</param>
/// <param name="To">End of the newest point, UTC.</param>
internal sealed record SeriesView(string Space, string Series, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Toward, HistoryKind Kind, DateTimeOffset From, DateTimeOffset To)
{
    public static SeriesView Of(HistorySeries series, PublicSpace? space)
    {
        var words = space is null ? new SeriesWords(series.Series, null, null) : SeriesWords.Of(space, series.Series);
        return new SeriesView(series.Space, series.Series, words.Name, words.Toward, series.Kind, series.From, series.To);
    }
}
