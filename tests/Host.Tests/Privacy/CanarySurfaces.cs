using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>What somebody gets over HTTP: every GET route of the hub's route table, with the names of the test's site in it.</summary>
internal static class CanarySurfaces
{
    private const string Span = "from=2026-06-02T12:00:00Z&to=2026-06-02T13:15:00Z";
    private const string Hours = "from=2026-06-02T12:00:00Z&to=2026-06-02T13:00:00Z&grid=PT1H";
    private const string Days = "from=2026-06-01T22:00:00Z&to=2026-06-02T22:00:00Z&grid=P1D";

    private static readonly string[] Spaces = ["square", "alarmed", "hall"];
    private static readonly string[] Devices = ["counter", "camera", "mic", "unseen"];
    private static readonly string[] Series = ["square/gate-in", "square/quiet-out", "square/total-in", "hall/inside-presence"];

    /// <summary>Names for each parameter of a route; a new one needs names here.</summary>
    private static readonly Dictionary<string, string[]> Names = new()
    {
        ["/api/spaces/{id}"] = Spaces,
        ["/api/spaces/{id}/live"] = Spaces,
        ["/api/spaces/{id}/recent"] = Spaces,
        ["/api/devices/{id}"] = Devices,
        ["/api/history/devices/{id}"] = Devices,
        ["/equipment/{id}"] = Devices,
        ["/spaces/{Id}"] = Spaces,
        ["{space}"] = Spaces,
        ["{documentName}"] = ["v1"],
        ["{*path}"] = ["nowhere"],
    };

    /// <summary>Questions behind a route, where it takes any.</summary>
    private static readonly Dictionary<string, string[]> Questions = new()
    {
        ["/api/alarms"] = ["", "?state=active", "?state=past", "?state=over"],
        ["/api/audit"] = ["", "?format=csv"],
        ["/api/devices"] = ["", "?space=square"],
        ["/api/history/devices/{id}"] = [$"?{Days}"],
        ["/api/history/{space}"] = ["", $"?{Hours}&format=csv", $"?{Days}&format=parquet"],
        ["/api/history/{space}/{series}"] = [$"?{Span}&grid=PT15M", $"?{Hours}", $"?{Days}", $"?{Span}&grid=cell&format=csv", $"?{Span}&grid=PT15M&format=parquet", $"?{Span}&grid=PT15M&noise=true", $"?{Hours}&noise=true"],
        ["/api/history/{space}/{series}/week"] = [$"?{Days}"],
        ["/ngsi-ld/v1/entities"] = ["?type=CrowdFlowObserved", "?type=CrowdFlowObserved&space=square"],
        ["/history"] = ["", $"?space=square&series=gate-in&{Span}"],
    };

    /// <summary>All addresses.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<RouteEndpoint> routes)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var route in routes.Where(IsRead))
        {
            var pattern = "/" + (route.RoutePattern.RawText ?? "").Trim('/');
            foreach (var address in Filled(pattern))
                found.UnionWith(Questions.GetValueOrDefault(pattern, [""]).Select(question => address.TrimStart('/') + question));
        }

        return [.. found];
    }

    /// <summary>Fetches an address: status, headers and body as they came. Of a stream, what comes first.</summary>
    public static async Task<(int Status, byte[] Answer)> GetAsync(HttpClient client, string address, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        var all = new MemoryStream();
        all.Write(Encoding.UTF8.GetBytes($"{answer.Headers}{answer.Content.Headers}{answer.TrailingHeaders}\n"));
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            var first = new byte[64 * 1_024];
            all.Write(first, 0, await body.ReadAsync(first, cancellation));
        }
        else
        {
            await body.CopyToAsync(all, cancellation);
        }

        return ((int)answer.StatusCode, all.ToArray());
    }

    // Files of the program are the same for everybody, whatever passes.
    private static bool IsRead(RouteEndpoint route)
    {
        var pattern = route.RoutePattern.RawText ?? "";
        return route.Metadata.GetMetadata<StaticAssetDescriptor>() is null
            && !pattern.TrimStart('/').StartsWith("_framework", StringComparison.Ordinal) && !pattern.TrimStart('/').StartsWith("_content", StringComparison.Ordinal) && !pattern.Contains(":file", StringComparison.Ordinal)
            && (route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>() is not { } methods || methods.HttpMethods.Contains("GET"));
    }

    private static IEnumerable<string> Filled(string pattern)
    {
        if (Names.TryGetValue(pattern, out var own))
            return own.Select(name => pattern[..pattern.IndexOf('{', StringComparison.Ordinal)] + name + pattern[(pattern.IndexOf('}', StringComparison.Ordinal) + 1)..]);
        IEnumerable<string> filled = pattern.Contains("{space}/{series}", StringComparison.Ordinal) ? Series.Select(one => pattern.Replace("{space}/{series}", one, StringComparison.Ordinal)) : [pattern];
        while (filled.First() is var next && next.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open)
        {
            var parameter = next[open..(next.IndexOf('}', StringComparison.Ordinal) + 1)];
            if (!Names.TryGetValue(parameter, out var names))
                throw new InvalidOperationException($"{pattern} has the parameter {parameter}: give it names here.");
            filled = [.. filled.SelectMany(one => names.Select(name => one.Replace(parameter, name, StringComparison.Ordinal)))];
        }

        return filled;
    }
}
