using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Monitoring.Host;

/// <summary>The hub that runs on a data folder, as commands on the same machine reach it: by the address and token of <c>hub.json</c>.</summary>
internal sealed class RunningHub : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    // A file of history is made before its first byte is sent.
    private static readonly TimeSpan FileWithin = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http;

    private RunningHub(Uri address, string token)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = AnswerWithin };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Finds it.</summary>
    /// <exception cref="HubRefusal">No hub with the dashboard role runs on the folder.</exception>
    public static RunningHub Find(string data)
    {
        var (address, token) = Read(data);
        return new RunningHub(address, token);
    }

    /// <summary>The address of the hub on a data folder.</summary>
    /// <exception cref="HubRefusal">No hub with the dashboard role runs on the folder.</exception>
    public static Uri AddressOf(string data) => Read(data).Address;

    /// <summary>A hub wherever it is, with somebody's token.</summary>
    public static RunningHub At(Uri address, string token) => new(address, token) { _http = { Timeout = FileWithin } };

    private static (Uri Address, string Token) Read(string data)
    {
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "hub.json")));
            return (new Uri(file.RootElement.GetProperty("address").GetString()!), file.RootElement.GetProperty("token").GetString()!);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            throw new HubRefusal(ExitCode.Missing, $"no hub runs on the data folder {Path.GetFullPath(data)}: start it first, or name its folder with --data");
        }
    }

    /// <summary>Sends a request.</summary>
    /// <returns>The answer's JSON; undefined where it has none.</returns>
    /// <exception cref="HubRefusal">The hub is away, or says no.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (answer.IsSuccessStatusCode)
                return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
            throw new HubRefusal((int)answer.StatusCode >= 500 ? ExitCode.Missing : ExitCode.WrongInput, Problem(text, answer.StatusCode.ToString()));
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new HubRefusal(ExitCode.Missing, $"the hub at {_http.BaseAddress} does not answer: is it still running?");
        }
    }

    /// <summary>Copies an answer into a stream.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="to">The stream.</param>
    /// <param name="remedy">What to do about a refusal, in place of what the hub says; null to say that.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HubRefusal">The hub is away, says no, or broke off.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public async Task DownloadAsync(string path, Stream to, Func<HttpStatusCode, string?> remedy, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
                throw new HubRefusal((int)answer.StatusCode >= 500 ? ExitCode.Missing : ExitCode.WrongInput, remedy(answer.StatusCode) ?? Problem(await answer.Content.ReadAsStringAsync(cancellation), answer.StatusCode.ToString()));
            await answer.Content.CopyToAsync(to, cancellation);
        }
        catch (Exception fault) when (fault is HttpRequestException or HttpIOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new HubRefusal(ExitCode.Missing, $"the hub at {_http.BaseAddress} does not answer, or broke off: ask again");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Problem(string text, string otherwise)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            var title = problem.RootElement.TryGetProperty("title", out var t) ? t.GetString() : otherwise;
            return problem.RootElement.TryGetProperty("detail", out var detail) ? $"{title}: {detail.GetString()}" : $"{title}";
        }
        catch (JsonException)
        {
            return $"the hub answered {otherwise}";
        }
    }
}
