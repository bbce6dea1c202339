using System.Net;
using System.Text.RegularExpressions;
using Monitoring.Host.Tests.History;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>What a hub answers to everybody outside the control room who asks for released numbers, without the digits.</summary>
internal sealed partial class TwinAnswers : IDisposable
{
    private static readonly string[] Roles = ["", "analyst", "dpo", "admin"];

    // They say when, and number the question.
    private static readonly string[] OfTheMoment = ["Date", "Age", "Query-Id", "ETag", "Set-Cookie"];

    private readonly Dictionary<string, HttpClient> _clients = [];
    private int _asked;

    private TwinAnswers()
    {
    }

    /// <summary>By what was kept and the route: status, headers and body, each number a <c>#</c>.</summary>
    public SortedDictionary<string, string> Kept { get; } = new(StringComparer.Ordinal);

    /// <summary>By what was kept: each point of each surface, its number a <c>#</c>.</summary>
    public SortedDictionary<string, IReadOnlyList<Told>> Points { get; } = new(StringComparer.Ordinal);

    /// <summary>How many questions were answered while cells were released.</summary>
    public int AskedMeanwhile { get; private set; }

    /// <summary>Makes an account of each role.</summary>
    public static async Task<TwinAnswers> OfAsync(InnerHub hub, CancellationToken cancellation)
    {
        var answers = new TwinAnswers();
        foreach (var role in Roles)
            answers._clients[role] = await hub.ClientAsync(role.Length == 0 ? null : role, cancellation);
        return answers;
    }

    /// <summary>The client of a role.</summary>
    public HttpClient As(string role) => _clients[role];

    /// <summary>Keeps one answer.</summary>
    public async Task KeepAsync(string name, string role, string route, CancellationToken cancellation)
    {
        using var answer = await _clients[role].GetAsync(new Uri(route, UriKind.Relative), cancellation);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheMoment.Contains(header.Key)).Select(header => $"{header.Key}: {string.Join(' ', header.Value)}").Order(StringComparer.Ordinal);
        var body = answer.Content.Headers.ContentType?.MediaType == "application/vnd.apache.parquet" ? "" : await answer.Content.ReadAsStringAsync(cancellation);
        Kept[$"{name}: {role} {route}"] = Number().Replace(Id().Replace($"{(int)answer.StatusCode} {answer.StatusCode}\n{string.Join('\n', headers)}\n{Shown(body)}", "ID"), "#");
    }

    /// <summary>Keeps all answers about a day.</summary>
    public async Task KeepDayAsync(string name, DateTimeOffset day, CancellationToken cancellation)
    {
        foreach (var (role, route) in Routes(day))
            await KeepAsync(name, role, route, cancellation);
        using var surfaces = new HttpSurfaces(_clients["analyst"], _clients[""], "square", ["gate-1-in", "gate-1-out"], day, day.AddDays(1), DateOnly.FromDateTime(day.AddHours(1).DateTime));
        foreach (var (surface, ask) in surfaces.All)
            Points[$"{name}: {surface}"] = [.. (await ask(_asked++)).Select(told => told with { Said = Number().Replace(told.Said, "#") })];
    }

    /// <summary>Asks for everything about a day once.</summary>
    public async Task AskDayAsync(DateTimeOffset day, CancellationToken cancellation)
    {
        foreach (var (role, route) in Routes(day))
        {
            using var answer = await _clients[role].GetAsync(new Uri(route, UriKind.Relative), cancellation);
            Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{route}: {answer.StatusCode}");
            AskedMeanwhile++;
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    // A question that is asked anew passes the cache of public answers, which a parameter that means nothing there does not change.
    private IEnumerable<(string Role, string Route)> Routes(DateTimeOffset day)
    {
        var (range, fresh) = (SealedSquare.Range(day, day.AddDays(1)), $"offset={_asked++}");
        var days = $"from={day.AddHours(1):yyyy-MM-dd}&to={day.AddHours(1):yyyy-MM-dd}&{fresh}";
        foreach (var (space, series) in ((string, string)[])[("square", "gate-1-in"), ("hall", "inside-presence")])
        {
            yield return ("", $"open-data/{space}?{fresh}");
            yield return ("", $"open-data/{space}/level?{fresh}");
            yield return ("", $"open-data/{space}/{series}.json?{days}");
            yield return ("", $"open-data/{space}/{series}.csv?{days}");
            yield return ("", $"ngsi-ld/v1/entities?type=CrowdFlowObserved&space={space}&{fresh}");
            yield return ("", $"api/privacy/{space}?{fresh}");
            yield return ("", $"privacy/{space}?{fresh}");
            yield return ("analyst", $"api/history/{space}");
            yield return ("analyst", $"api/history/{space}/{series}/week?{range}");
            yield return ("analyst", $"history?space={space}&series={series}&range=own&{range}&grid=cell");
            foreach (var grid in (string[])["cell", "PT1H", "P1D"])
            {
                yield return ("analyst", $"api/history/{space}/{series}?{range}&grid={grid}");
                yield return ("analyst", $"api/history/{space}?{range}&grid={grid}&format=csv");
                yield return ("analyst", $"api/history/{space}?{range}&grid={grid}&format=parquet");
                yield return ("dpo", $"api/history/{space}/{series}?{range}&grid={grid}&noise=true");
            }
        }

        yield return ("admin", "api/history/copies");
    }

    // Of a page what is between its frame and its end, where tokens stand that are new each time.
    private static string Shown(string body) => body.IndexOf("<main", StringComparison.Ordinal) is var begin and >= 0 ? body[begin..body.IndexOf("</main>", StringComparison.Ordinal)] : body;

    // One follows from the numbers that are answered, the other is new each time.
    [GeneratedRegex(@"(?<=""queryId"":""|""traceId"":""|>query )[0-9a-f-]+(?=""|<)")]
    private static partial Regex Id();

    [GeneratedRegex(@"-?\d+(?:(?:[.\u00A0\u202F]|&\#x202F;)\d+)*")]
    private static partial Regex Number();
}
