using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Dashboard.History;

/// <summary>
/// <c>/ngsi-ld/v1/entities?type=CrowdFlowObserved&amp;space=…</c>: the open data of yesterday as entities of the Smart Data Models, one for each series and point.
/// Not a context broker: no subscriptions, no queries but these.
/// </summary>
internal static class NgsiApi
{
    /// <summary>Most entities in one answer.</summary>
    public const int LimitMax = 1_000;

    public static void MapNgsi(this IEndpointRouteBuilder app) =>
        app.MapPublic("Open data").MapGet("/ngsi-ld/v1/entities", GetAsync).WithSummary("Yesterday's released hours of a space as NGSI-LD CrowdFlowObserved").Produces<string>(contentType: "application/ld+json");

    private static async Task<IResult> GetAsync(string? type, string? space, string? options, int? limit, int? offset, HttpContext context, PublicHistory history, CancellationToken cancellation)
    {
        if (type != CrowdFlowObserved.Type)
            return HistoryAnswers.Invalid("not-well-formed", "There are no entities of that type", $"type: {CrowdFlowObserved.Type}.");
        if (options is not (null or "keyValues") || limit is < 1 or > LimitMax || offset is < 0)
            return HistoryAnswers.Invalid("not-well-formed", "The question is not well formed", $"options: keyValues, or left out; limit: 1 to {LimitMax}; offset: 0 or more.");
        if (await history.FindAsync(space ?? "", cancellation) is not { } known)
            return HistoryAnswers.NotFound("space: id of a space of which something is released.");
        var (series, problem) = (await history.SeriesAsync(known.Id, cancellation)).Read<List<HistorySeries>>(context);
        if (problem is not null)
            return problem;
        var yesterday = CivilDay.Of((await history.TodayAsync(known, cancellation)).Date.AddDays(-1), known.TimeZone);
        var entities = new List<CrowdFlowObserved>();
        foreach (var one in series!.Where(one => one.Kind == HistoryKind.Flow))
        {
            var (points, away) = await history.DayAsync(known.Id, one.Series, yesterday, context, cancellation);
            if (away is not null)
                return away;
            entities.AddRange(points!.Select(point => new CrowdFlowObserved(known, point)));
        }

        var page = entities.Skip(offset ?? 0).Take(limit ?? LimitMax).ToList();
        context.Response.Headers["NGSILD-Results-Count"] = entities.Count.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Json(page.Select(entity => options is null ? entity.Normalized() : entity.KeyValues()), contentType: "application/ld+json");
    }
}

/// <summary>One released point as an entity.</summary>
/// <remarks>A point without number has no <c>peopleCount</c>: the model has no null, and 0 would be false. Its description says why. <c>direction</c> is left out: it is meant towards the centre of the city, which the hub does not know.</remarks>
internal sealed class CrowdFlowObserved(PublicSpace space, HistoryPoint point)
{
    public const string Type = "CrowdFlowObserved";

    private static readonly string[] Contexts = ["https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld", "https://raw.githubusercontent.com/smart-data-models/dataModel.Transportation/master/context.jsonld"];

    private readonly SeriesWords _words = SeriesWords.Of(space, point.Key.Series);

    /// <summary>Simplified form, which the published schema is about.</summary>
    public IReadOnlyDictionary<string, object> KeyValues()
    {
        var entity = new Dictionary<string, object> { ["id"] = Id, ["type"] = Type };
        foreach (var (name, _, value) in Attributes())
            entity[name] = value;
        entity["@context"] = Contexts;
        return entity;
    }

    /// <summary>Normalised form.</summary>
    public IReadOnlyDictionary<string, object> Normalized()
    {
        var entity = new Dictionary<string, object> { ["id"] = Id, ["type"] = Type };
        foreach (var (name, kind, value) in Attributes())
        {
            entity[name] = kind switch
            {
                "DateTime" => Property("Property", new Dictionary<string, object> { ["@type"] = "DateTime", ["@value"] = value }),
                _ => Property(kind, value),
            };
        }

        entity["@context"] = Contexts;
        return entity;
    }

    private string Id => $"urn:ngsi-ld:{Type}:{point.Key.Space}:{point.Key.Series}:{point.Key.From.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";

    private IEnumerable<(string Name, string Kind, object Value)> Attributes()
    {
        yield return ("name", "Property", $"{space.Name}, {_words}");
        yield return ("description", "Property", Description());
        yield return ("dateObserved", "Property", $"{Instant(point.Key.From)}/{Instant(point.To)}");
        yield return ("dateObservedFrom", "DateTime", Instant(point.Key.From));
        yield return ("dateObservedTo", "DateTime", Instant(point.To));
        if (point.Shown.Value is { } people)
            yield return ("peopleCount", "Property", people);
        yield return ("address", "Property", new Dictionary<string, object> { ["addressLocality"] = space.City });
        if (Location() is { } location)
            yield return ("location", "GeoProperty", location);
    }

    private string Description() => point.Shown.Value is null
        ? $"No number: {point.Shown.Reason}. This is not zero."
        : string.Create(CultureInfo.InvariantCulture, $"Released with noise added on purpose: the true count lies within {point.Shown.Err95} of it at least 19 times in 20.");

    private Dictionary<string, object>? Location()
    {
        return _words.Line is { Path.Count: > 1 } line ? new Dictionary<string, object> { ["type"] = "LineString", ["coordinates"] = line.Path.Select(at => new[] { at.Longitude, at.Latitude }).ToArray() } : null;
    }

    private static Dictionary<string, object> Property(string kind, object value) => new() { ["type"] = kind, ["value"] = value };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
