using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Monitoring.History.Tests;

/// <summary>A request as it came.</summary>
internal sealed record RecordedRequest(string Path, string Query, string? Authorization, string Body);

/// <summary>An answer that is given instead of the usual one.</summary>
internal sealed record ScriptedAnswer(int Status, string Body = "", string? RetryAfter = null, string? Location = null);

/// <summary>An HTTP server that keeps what it is sent and answers as InfluxDB 2.x says in its documentation. It is not InfluxDB: it is what the documentation promises.</summary>
internal sealed partial class InfluxRecorder : IDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _scripted = new();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly CancellationTokenSource _end = new();

    public InfluxRecorder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(ServeAsync);
        _server.StartAsync().GetAwaiter().GetResult();
        Url = _server.Urls.Single();
    }

    public string Url { get; }

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Token by organisation and bucket.</summary>
    public Dictionary<(string Organisation, string Bucket), string> Tokens { get; } = new() { [("analysis", "released")] = InfluxSamples.Token, [("operations", "health")] = InfluxSamples.OtherToken };

    /// <summary>Points by bucket, series and instant: fields overwrite fields.</summary>
    public ConcurrentDictionary<(string Bucket, string Series, long Ms), Dictionary<string, object>> Points { get; } = new();

    /// <summary>Lines that are malformed to it: one such line, and nothing of a request is written (400).</summary>
    public Func<ReadLine, bool> IsMalformed { get; set; } = _ => false;

    /// <summary>Points that it rejects: the others of a request are written (422).</summary>
    public Func<ReadLine, bool> IsRejected { get; set; } = _ => false;

    /// <summary>Largest body.</summary>
    public int BodyBytesMax { get; set; } = int.MaxValue;

    /// <summary>Answers the next request in this way, without looking at it.</summary>
    public void Next(ScriptedAnswer answer) => _scripted.Enqueue(context => AnswerAsync(context, answer));

    /// <summary>Answers the next request never.</summary>
    public void NextIsSlow() => _scripted.Enqueue(_ => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token));

    /// <summary>Cuts the connection instead of an answer.</summary>
    public void NextIsCut() => _scripted.Enqueue(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Begins an answer and cuts the connection within it.</summary>
    public void NextIsCutWithin(int status) => _scripted.Enqueue(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = 1_000;
        await context.Response.WriteAsync("{\"code\":", _end.Token);
        await context.Response.Body.FlushAsync(_end.Token);
        context.Abort();
    });

    /// <summary>Answers without an end.</summary>
    public void NextIsEndless(int status) => _scripted.Enqueue(async context =>
    {
        context.Response.StatusCode = status;
        while (!_end.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
            await context.Response.WriteAsync(new string('x', 4_096), context.RequestAborted);
    });

    /// <summary>Does what it is asked and cuts the connection instead of saying so.</summary>
    public bool LosesNextAnswer { get; set; }

    public void Dispose()
    {
        _end.Cancel();
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(_end.Token);
        var request = new RecordedRequest(context.Request.Path, context.Request.QueryString.Value!, context.Request.Headers.Authorization, body);
        _requests.Enqueue(request);
        if (_scripted.TryDequeue(out var scripted))
        {
            await scripted(context);
            return;
        }

        var answer = Usual(request, context.Request.Query["org"].ToString(), context.Request.Query["bucket"].ToString());
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            context.Abort();
            return;
        }

        await AnswerAsync(context, answer);
    }

    private static async Task AnswerAsync(HttpContext context, ScriptedAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is not null)
            context.Response.Headers.RetryAfter = answer.RetryAfter;
        if (answer.Location is not null)
            context.Response.Headers.Location = answer.Location;
        if (answer.Body.Length > 0 && answer.Status != 204)
            await context.Response.WriteAsync(answer.Body);
    }

    private ScriptedAnswer Usual(RecordedRequest request, string organisation, string bucket)
    {
        if (request.Authorization is not { } authorization || !Tokens.Values.Any(token => authorization == $"Token {token}"))
            return Error(401, "unauthorized", "unauthorized access");
        if (!Tokens.TryGetValue((organisation, bucket), out var token))
            return Error(404, "not found", $"bucket \"{bucket}\" not found");
        if (authorization != $"Token {token}")
            return Error(403, "forbidden", "insufficient permissions for write");
        return request.Path switch
        {
            "/api/v2/write" => Write(request, bucket),
            "/api/v2/delete" => Delete(request, bucket),
            _ => Error(404, "not found", "path not found"),
        };
    }

    private ScriptedAnswer Write(RecordedRequest request, string bucket)
    {
        if (Encoding.UTF8.GetByteCount(request.Body) > BodyBytesMax)
            return Error(413, "request too large", "unable to read data: points batch is too large");
        if (!request.Query.Contains("precision=ms", StringComparison.Ordinal))
            return Error(400, "invalid", "this test expects milliseconds");
        var lines = new List<ReadLine>();
        foreach (var line in request.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            ReadLine read;
            try
            {
                read = LineReader.Read(line);
            }
            catch (FormatException)
            {
                return Error(400, "invalid", $"unable to parse '{line}': invalid field format");
            }

            if (IsMalformed(read))
                return Error(400, "invalid", $"unable to parse '{line}': invalid field format");
            lines.Add(read);
        }

        foreach (var line in lines.Where(line => !IsRejected(line)))
        {
            var point = Points.GetOrAdd((bucket, line.Series, line.Ms), _ => []);
            foreach (var (field, value) in line.Fields)
                point[field] = value;
        }

        var dropped = lines.Count(IsRejected);
        return dropped == 0
            ? new ScriptedAnswer(204)
            : Error(422, "unprocessable entity", $"failure writing points to database: partial write: field type conflict: input field \"value\" on measurement \"crowd\" is type float, already exists as type integer dropped={dropped}");
    }

    // Of the predicate the form that the documentation allows: tags and _measurement, equal, joined by AND.
    private ScriptedAnswer Delete(RecordedRequest request, string bucket)
    {
        using var order = JsonDocument.Parse(request.Body);
        var (start, stop) = (Ms(order, "start"), Ms(order, "stop"));
        var terms = Term().Matches(order.RootElement.GetProperty("predicate").GetString()!).Select(term => (Key: term.Groups[1].Value, Value: term.Groups[2].Value)).ToList();
        foreach (var key in Points.Keys.Where(key => key.Bucket == bucket && key.Ms >= start && key.Ms <= stop && terms.TrueForAll(term => Has(key.Series, term.Key, term.Value))))
            Points.TryRemove(key, out _);
        return new ScriptedAnswer(204);
    }

    private static bool Has(string series, string key, string value) => key == "_measurement" ? series.Split('\n')[0] == value : series.Split('\n').Contains($"{key}\t{value}");

    private static long Ms(JsonDocument order, string name) => DateTimeOffset.Parse(order.RootElement.GetProperty(name).GetString()!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static ScriptedAnswer Error(int status, string code, string message) => new(status, JsonSerializer.Serialize(new { code, message }));

    [GeneratedRegex("\"([^\"]+)\"=\"([^\"]+)\"(?: AND |$)")]
    private static partial Regex Term();
}
