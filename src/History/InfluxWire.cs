using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>Writes and deletes over HTTP, in the wire form of InfluxDB 1.x or 2.x. The package InfluxDB.Client could take the place of this file.</summary>
/// <remarks>Sources: https://docs.influxdata.com/influxdb/v2/api/, https://docs.influxdata.com/influxdb/v1/tools/api/, and what 1.6.7 answers (tests).</remarks>
internal sealed partial class InfluxWire : IDisposable
{
    /// <summary>Most bytes that are read of an answer; the rest is not looked at.</summary>
    public const int AnswerBytesMax = 16 * 1024;

    /// <summary>Most ranges of one delete in version 1, so that it ends in time on a large database too; more go into further requests.</summary>
    public const int RangesPerRequestMax = 20;

    /// <summary>Longest pause that a server may ask for; a longer one is cut to it.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    private readonly InfluxOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public InfluxWire(InfluxOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        // A redirect or a proxy would see the token; a connection is made anew now and then, so that a changed address is seen.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxResponseHeadersLength = 16 };
        _http = new HttpClient(handler) { BaseAddress = new Uri(options.Url!.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    private bool IsVersion1 => _options.Version == 1;

    public void Dispose() => _http.Dispose();

    /// <summary>Writes lines.</summary>
    /// <returns>What became of them, where the server looked at them.</returns>
    /// <exception cref="HistoryAwayException">It did not.</exception>
    public async Task<InfluxAnswer> WriteAsync(InfluxTarget target, IEnumerable<string> lines, CancellationToken cancellation)
    {
        var body = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        var address = IsVersion1
            ? $"write?db={Escape(target.Bucket)}{(string.IsNullOrEmpty(_options.RetentionPolicy) ? "" : $"&rp={Escape(_options.RetentionPolicy)}")}&precision=ms"
            : $"api/v2/write?org={Escape(target.Organisation)}&bucket={Escape(target.Bucket)}&precision=ms";
        var (status, text, retryAfter) = await SendAsync(target, address, () => new ByteArrayContent(body) { Headers = { ContentType = new("text/plain", "utf-8") } }, cancellation);
        return status switch
        {
            204 => InfluxAnswer.Done,
            413 => new InfluxAnswer("too-large", 0),
            // More series or values of a tag than the server is set to hold: the lines are good.
            400 or 422 when text.Contains("limit exceeded", StringComparison.Ordinal) => throw Person($"InfluxDB takes no more series in {target}: raise its limit (max-series-per-database, max-values-per-tag)"),
            400 or 422 => Refused(text),
            _ => throw Away(target, status, text, retryAfter),
        };
    }

    /// <summary>Deletes points.</summary>
    /// <exception cref="HistoryAwayException">Not all were deleted.</exception>
    public async Task DeleteAsync(InfluxTarget target, IReadOnlyList<InfluxRange> ranges, CancellationToken cancellation)
    {
        foreach (var some in ranges.Chunk(IsVersion1 ? RangesPerRequestMax : 1))
        {
            var (status, text, retryAfter) = IsVersion1
                ? await SendAsync(target, $"query?db={Escape(target.Bucket)}", () => new FormUrlEncodedContent([new("q", string.Join(';', some.Select(Statement)))]), cancellation)
                : await SendAsync(target, $"api/v2/delete?org={Escape(target.Organisation)}&bucket={Escape(target.Bucket)}", () => Predicate(some[0]), cancellation);
            if (status != (IsVersion1 ? 200 : 204))
                throw Away(target, status, text, retryAfter);
            if (IsVersion1 && FirstError(text) is { } error)
                throw error.StartsWith("database not found", StringComparison.Ordinal) ? NotFound(target, 200) : new HistoryAwayException($"InfluxDB could not delete in {target}");
        }
    }

    /// <summary>Asks a question in InfluxQL, whose answer is short.</summary>
    /// <exception cref="HistoryAwayException">There is no answer.</exception>
    public async Task<string> QueryAsync(InfluxTarget target, string question, CancellationToken cancellation)
    {
        var (status, text, retryAfter) = await SendAsync(target, $"query?db={Escape(target.Bucket)}", () => new FormUrlEncodedContent([new("q", question)]), cancellation);
        return status == 200 ? text : throw Away(target, status, text, retryAfter);
    }

    private async Task<(int Status, string Text, TimeSpan? RetryAfter)> SendAsync(InfluxTarget target, string address, Func<HttpContent> content, CancellationToken cancellation)
    {
        var answer = await SendOnceAsync(target, address, content, cancellation);
        // The secret may have been changed: the file is read again, and what it holds is tried once.
        if (answer.Status is 401 or 403 && target.HasNewSecret())
            answer = await SendOnceAsync(target, address, content, cancellation);
        InfluxMetrics.Requested(answer.Status);
        return answer;
    }

    private async Task<(int Status, string Text, TimeSpan? RetryAfter)> SendOnceAsync(InfluxTarget target, string address, Func<HttpContent> content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content() };
        request.Headers.Authorization = IsVersion1
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{target.User}:{target.Secret()}")))
            : new AuthenticationHeaderValue("Token", target.Secret());
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutSeconds), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return ((int)response.StatusCode, await ReadAsync(response.Content, either.Token), RetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            InfluxMetrics.Requested(null);
            throw new HistoryAwayException($"InfluxDB did not answer within {_options.TimeoutSeconds} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            InfluxMetrics.Requested(null);
            throw new HistoryAwayException("InfluxDB cannot be reached, or the connection to it broke", fault);
        }
    }

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(AnswerBytesMax);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellation);
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, AnswerBytesMax), AnswerBytesMax, throwOnEndOfStream: false, cancellation);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        if ((header?.Delta ?? header?.Date - _time.GetUtcNow()) is not { } pause)
            return null;
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause > RetryAfterMax ? RetryAfterMax : pause;
    }

    // What the server says may quote a line, so only a fixed word is kept of it.
    private static InfluxAnswer Refused(string text)
    {
        var reason =
            text.Contains("field type conflict", StringComparison.Ordinal) ? "field-type"
            : text.Contains("retention policy", StringComparison.Ordinal) ? InfluxAnswer.BeyondRetention
            : text.Contains("unable to parse", StringComparison.Ordinal) ? "unreadable"
            : "refused";
        // "partial write: … dropped=2" or "… dropped 2 points": the others are written already.
        var dropped = text.Contains("partial write", StringComparison.Ordinal) ? Dropped().Match(text) : Match.Empty;
        return new InfluxAnswer(reason, dropped.Success ? int.Parse(dropped.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0);
    }

    private HistoryAwayException Away(InfluxTarget target, int status, string text, TimeSpan? retryAfter) => status switch
    {
        401 or 403 => Person($"InfluxDB refuses the secret for {target} ({status}): put one that may {target.Right} there into the file that {target.Setting} names; it is read again by itself"),
        404 => NotFound(target, status),
        500 when text.Contains("retention policy not found", StringComparison.Ordinal) => Person($"InfluxDB has no retention policy {_options.RetentionPolicy} in {target}: make it, or change the setting Silo:History:Influx:RetentionPolicy"),
        408 or 429 or >= 500 => new HistoryAwayException($"InfluxDB takes nothing now ({status})") { RetryAfter = retryAfter },
        _ => Person($"What answers at Silo:History:Influx:Url ({status}) is no InfluxDB that writes and deletes so: change Url or Version"),
    };

    private HistoryAwayException NotFound(InfluxTarget target, int status) =>
        Person($"InfluxDB does not know {target} ({status}): make the {(IsVersion1 ? "database" : "organisation and bucket")}, give the {(IsVersion1 ? "user" : "token")} the right to {target.Right} there, or change the setting; Version, if the server speaks the other interface");

    private static HistoryAwayException Person(string message) => new(message) { NeedsPerson = true };

    // A delete needs only the right to write, in 1.x as in 2.x.
    private static string Statement(InfluxRange range) =>
        $"DELETE FROM {Quoted(range.Measurement, '"')} WHERE {string.Concat(range.Tags.Select(tag => $"{Quoted(tag.Key, '"')} = {Quoted(tag.Value, '\'')} AND "))}time >= {range.FromMs}ms AND time <= {range.ToMs}ms";

    private static ByteArrayContent Predicate(InfluxRange range)
    {
        var predicate = string.Join(" AND ", range.Tags.Prepend(("_measurement", range.Measurement)).Select(tag => $"{Quoted(tag.Item1, '"')}={Quoted(tag.Item2, '"')}"));
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["start"] = Instant(range.FromMs), ["stop"] = Instant(range.ToMs), ["predicate"] = predicate });
        return new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
    }

    private static string? FirstError(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            return answer.RootElement.GetProperty("results").EnumerateArray()
                .Select(result => result.TryGetProperty("error", out var error) ? error.GetString() : null)
                .FirstOrDefault(error => error is not null);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "no answer of InfluxDB";
        }
    }

    // InfluxQL: names stand in double quotes, texts in single ones, both with a backslash before a quote or a backslash.
    private static string Quoted(string text, char quote) => $"{quote}{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace($"{quote}", $"\\{quote}", StringComparison.Ordinal)}{quote}";

    private static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Escape(string text) => Uri.EscapeDataString(text);

    [GeneratedRegex(@"dropped[= ](\d{1,9})\b")]
    private static partial Regex Dropped();
}

/// <summary>What became of lines that the server looked at.</summary>
/// <param name="Reason">Null where all are written; otherwise a fixed word.</param>
/// <param name="Dropped">How many lines are not written although the others are; 0 where the server does not say.</param>
internal sealed record InfluxAnswer(string? Reason, int Dropped)
{
    /// <summary>Older than what the bucket keeps.</summary>
    public const string BeyondRetention = "beyond-retention";

    /// <summary>All are written.</summary>
    public static readonly InfluxAnswer Done = new(null, 0);
}

/// <summary>A bucket, or a database in version 1, and the secret that may write, or read, there.</summary>
internal sealed class InfluxTarget(string organisation, string bucket, string user, string secretFile, string setting, string right = "write")
{
    /// <summary>Largest file of a secret, bytes.</summary>
    public const int SecretBytesMax = 4_096;

    private string? _secret;

    public string Organisation => organisation;

    public string Bucket => bucket;

    public string User => user;

    /// <summary>What the secret is for: <c>write</c> or <c>read</c>.</summary>
    public string Right => right;

    /// <summary>Setting that names the file.</summary>
    public string Setting => setting;

    /// <summary>Lines that were refused one by one since one was last taken.</summary>
    public int RefusedRun { get; set; }

    /// <summary>The secret, read when it is first needed.</summary>
    /// <exception cref="HistoryAwayException">The file cannot be read or holds none.</exception>
    public string Secret() => _secret ??= Read();

    /// <summary>Reads the file again.</summary>
    /// <returns>Whether it holds another secret than before.</returns>
    public bool HasNewSecret()
    {
        var before = _secret;
        _secret = Read();
        return _secret != before;
    }

    /// <summary>Organisation and bucket; never the secret.</summary>
    public override string ToString() => $"{organisation}/{bucket}";

    private string Read()
    {
        try
        {
            using var file = File.OpenRead(secretFile);
            Span<byte> bytes = stackalloc byte[SecretBytesMax + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var secret = length > SecretBytesMax ? "" : Encoding.UTF8.GetString(bytes[..length]).Trim();
            if (secret.Length > 0 && secret.All(character => character is > ' ' and <= '~'))
                return secret;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new HistoryAwayException($"The file that {setting} names cannot be read: make it readable for the hub", fault) { NeedsPerson = true };
        }

        throw new HistoryAwayException($"The file that {setting} names holds no secret: write one line of visible ASCII characters, at most {SecretBytesMax} bytes") { NeedsPerson = true };
    }
}
