using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Monitoring.Deployment.Tests;

/// <summary>The part of InfluxDB 2.x's API that setup.sh uses, as its documentation and source say: a stand-in, for no InfluxDB 2 is to be had here.</summary>
internal sealed class SmallInflux : IAsyncDisposable
{
    /// <summary>The administrator's token.</summary>
    public const string Admin = "0123456789abcdef";

    // Answers are indented with tabs, as InfluxDB's are.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1 };

    private readonly ConcurrentQueue<string> _requests = new();
    private WebApplication? _app;
    private int _ids;

    public Uri Url => new(_app!.Urls.Single());

    public List<JsonObject> Organisations { get; } = [];

    public List<JsonObject> Buckets { get; } = [];

    public List<JsonObject> Databases { get; } = [];

    public List<JsonObject> Tokens { get; } = [];

    /// <summary>Method and path of what was asked, without queries.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static async Task<SmallInflux> StartAsync(CancellationToken cancellation)
    {
        var influx = new SmallInflux();
        influx.Organisations.Add(influx.New(("name", "analysis")));
        influx.Buckets.Add(influx.New(("orgID", Id(influx.Organisations[0])), ("name", "released")));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        influx._app = builder.Build();
        influx._app.Run(influx.AnswerAsync);
        await influx._app.StartAsync(cancellation);
        return influx;
    }

    public static string Id(JsonObject item) => item["id"]!.GetValue<string>();

    /// <summary>Deletes everything but the first organisation and its bucket.</summary>
    public void Forget()
    {
        Organisations.RemoveRange(1, Organisations.Count - 1);
        Buckets.RemoveRange(1, Buckets.Count - 1);
        Databases.Clear();
        Tokens.Clear();
    }

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, query) = (context.Request, context.Request.Query);
        _requests.Enqueue($"{request.Method} {request.Path}");
        var token = request.Headers.Authorization.ToString();
        var known = token == $"Token {Admin}" || Tokens.Any(made => token == $"Token {made["token"]}");
        var body = request.Method == "POST" ? (await JsonNode.ParseAsync(request.Body))!.AsObject() : [];
        var (status, answer) = !known ? (401, Error("unauthorized", "unauthorized access")) : token != $"Token {Admin}" && request.Path != "/api/v2/buckets" ? (403, Error("forbidden", "forbidden"))
            : (request.Method, request.Path.Value) switch
            {
                ("GET", "/api/v2/orgs") => Found(Organisations, "orgs", query["org"], 404),
                ("POST", "/api/v2/orgs") => Made(Organisations, body),
                ("GET", "/api/v2/buckets") => Found([.. Buckets.Where(bucket => (string?)bucket["orgID"] == query["orgID"])], "buckets", query["name"], 200),
                ("POST", "/api/v2/buckets") => Made(Buckets, body),
                ("POST", "/api/v2/dbrps") => Databases.Any(one => (string?)one["database"] == (string?)body["database"] && (string?)one["orgID"] == (string?)body["orgID"]) ? (422, Error("conflict", "another DBRP mapping with same orgID, db, and rp exists")) : Made(Databases, body),
                ("GET", "/api/v2/authorizations") => (200, new JsonObject { ["links"] = new JsonObject(), ["authorizations"] = new JsonArray([.. Tokens.Where(made => (string?)made["orgID"] == query["orgID"]).Select(Hidden)]) }),
                ("POST", "/api/v2/authorizations") => MadeToken(body),
                ("DELETE", var path) when path!.StartsWith("/api/v2/authorizations/", StringComparison.Ordinal) => (Tokens.RemoveAll(made => Id(made) == path.Split('/')[^1]) == 1 ? 204 : 404, null),
                _ => (404, Error("not found", "path not found")),
            };
        context.Response.StatusCode = status;
        if (answer is not null)
            await context.Response.WriteAsync(answer.ToJsonString(Indented));
    }

    private static (int, JsonObject?) Found(IReadOnlyList<JsonObject> items, string key, string? name, int otherwise)
    {
        var found = items.Where(item => string.IsNullOrEmpty(name) || (string?)item["name"] == name).Select(item => item.DeepClone()).ToArray();
        return found.Length == 0 && otherwise == 404 ? (404, Error("not found", $"organization name \"{name}\" not found")) : (200, new JsonObject { ["links"] = new JsonObject { ["self"] = "/api/v2/" + key }, [key] = new JsonArray(found) });
    }

    private (int, JsonObject?) Made(List<JsonObject> items, JsonObject body)
    {
        items.Add(New([.. body.Select(field => (field.Key, (object)field.Value!.DeepClone()))]));
        return (201, items[^1].DeepClone().AsObject());
    }

    private (int, JsonObject?) MadeToken(JsonObject body)
    {
        var made = New(("token", $"made-{_ids}-=="), ("status", "active"), ("description", body["description"]!.DeepClone()), ("orgID", body["orgID"]!.DeepClone()), ("permissions", body["permissions"]!.DeepClone()));
        Tokens.Add(made);
        return (201, made.DeepClone().AsObject());
    }

    // Tokens are kept as hashes: a list does not tell them.
    private static JsonNode Hidden(JsonObject token)
    {
        var copy = token.DeepClone().AsObject();
        copy["token"] = "REDACTED";
        return copy;
    }

    private JsonObject New(params (string Name, object Value)[] fields)
    {
        var item = new JsonObject { ["id"] = $"{Interlocked.Increment(ref _ids):x16}" };
        foreach (var (name, value) in fields)
            item[name] = value as JsonNode ?? JsonValue.Create((string)value);
        return item;
    }

    private static JsonObject Error(string code, string message) => new() { ["code"] = code, ["message"] = message };
}
