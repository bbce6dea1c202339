using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>What somebody gets over HTTP: every route of the hub's route table in each of its methods, with the names of the test's site in it.</summary>
internal static class CanarySurfaces
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";
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
        ["/api/spaces/{id}/thresholds"] = Spaces,
        ["/api/alarms/{id}/acknowledge"] = ["nothing"],
        ["/api/devices/pending/{id}/adopt"] = ["nobody"],
        ["{user}"] = ["nobody"],
        ["{name}"] = ["nothing"],
        ["{day}"] = ["2020-01-01"],
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

    /// <summary>What is not asked for: it makes anew what the test looks into.</summary>
    private static readonly string[] Undone = ["/api/history/copies/rebuild"];

    /// <summary>What is sent to a route that wants more than an empty object. Nothing that it does may change what the test sees: a day without numbers is withdrawn, an alarm and an account that are not there are meant, the clock stands there already.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["/api/accounts"] = """{"user":"no body","role":"nobody"}""",
        ["/api/accounts/{user}/scope"] = """{"spaces":["square"]}""",
        ["/api/accounts/{user}/tokens"] = """{"name":"test"}""",
        ["/api/alarms/{id}/acknowledge"] = """{"note":"seen"}""",
        ["/api/clock"] = """{"to":"2026-06-02T00:00:00Z"}""",
        ["/api/devices/pending/{id}/adopt"] = """{"space":"square","id":"nobody","kind":"counter"}""",
        ["/api/history/{space}/days/{day}/withdraw"] = """{"reason":"a test"}""",
        ["/api/spaces/{id}/thresholds"] = """{"rule":"density","subject":"stage","on":-1}""",
    };

    /// <summary>All addresses that are read.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<RouteEndpoint> routes)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var route in routes.Where(route => IsOwn(route) && (MethodsOf(route) is not { } methods || methods.Contains("GET"))))
        {
            var pattern = PatternOf(route);
            foreach (var address in Filled(pattern))
                found.UnionWith(Questions.GetValueOrDefault(pattern, [""]).Select(question => address.TrimStart('/') + question));
        }

        return [.. found];
    }

    /// <summary>All that is not read but done: method, address and what is sent, as type and text; nothing, an empty object, an empty form, and what the route wants.</summary>
    public static IReadOnlyList<(string Method, string Address, string Type, string Body)> DeedsOf(IEnumerable<RouteEndpoint> routes)
    {
        var found = new SortedSet<(string, string, string, string)>();
        foreach (var route in routes.Where(route => IsOwn(route) && !Undone.Contains(PatternOf(route))))
        {
            var pattern = PatternOf(route);
            (string Type, string Body)[] sent = [("", ""), (Form, "user=nobody&password=nothing"), (Json, "{}"), (Json, Bodies.GetValueOrDefault(pattern, "{}"))];
            foreach (var method in (MethodsOf(route) ?? ["POST"]).Except(["GET", "HEAD", "OPTIONS"]))
                found.UnionWith(Filled(pattern).SelectMany(address => sent.Select(one => (method, address.TrimStart('/'), one.Type, one.Body))));
        }

        return [.. found];
    }

    /// <summary>Fetches an address: status, headers and body as they came. Of a stream, what comes first.</summary>
    public static Task<(int Status, byte[] Answer)> GetAsync(HttpClient client, string address, CancellationToken cancellation) => AskAsync(client, new HttpRequestMessage(HttpMethod.Get, address), cancellation);

    /// <summary>Does something: status, headers and body of the answer as they came.</summary>
    public static Task<(int Status, byte[] Answer)> DoAsync(HttpClient client, (string Method, string Address, string Type, string Body) deed, CancellationToken cancellation) =>
        AskAsync(client, new HttpRequestMessage(HttpMethod.Parse(deed.Method), deed.Address) { Content = deed.Type.Length == 0 ? null : new StringContent(deed.Body, Encoding.UTF8, deed.Type) }, cancellation);

    private static async Task<(int Status, byte[] Answer)> AskAsync(HttpClient client, HttpRequestMessage question, CancellationToken cancellation)
    {
        using var asked = question;
        using var answer = await client.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, cancellation);
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
    private static bool IsOwn(RouteEndpoint route)
    {
        var pattern = route.RoutePattern.RawText ?? "";
        return route.Metadata.GetMetadata<StaticAssetDescriptor>() is null
            && !pattern.TrimStart('/').StartsWith("_framework", StringComparison.Ordinal) && !pattern.TrimStart('/').StartsWith("_content", StringComparison.Ordinal) && !pattern.Contains(":file", StringComparison.Ordinal);
    }

    // Null for a route that takes any.
    private static IReadOnlyList<string>? MethodsOf(RouteEndpoint route) => route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods;

    private static string PatternOf(RouteEndpoint route) => "/" + (route.RoutePattern.RawText ?? "").Trim('/');

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
