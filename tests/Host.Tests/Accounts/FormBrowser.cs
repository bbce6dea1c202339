using System.Net;
using System.Text.RegularExpressions;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>A browser without scripts: keeps cookies, fills forms with their antiforgery token, follows nothing by itself.</summary>
internal sealed partial class FormBrowser : IDisposable
{
    private readonly HttpClient _http;

    public FormBrowser(HubUnderTest hub, string host = "127.0.0.1") =>
        _http = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://{host}:{hub.Ports.Http}/"), Timeout = TimeSpan.FromSeconds(60) };

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http => _http;

    /// <summary>Posts a form of a page.</summary>
    public async Task<HttpResponseMessage> PostAsync(string page, string to, CancellationToken cancellation, params (string Name, string Value)[] fields)
    {
        var html = await (await _http.GetAsync(new Uri(page, UriKind.Relative), cancellation)).Content.ReadAsStringAsync(cancellation);
        var token = Token().Match(html).Groups[1].Value;
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).Append(new("__RequestVerificationToken", WebUtility.HtmlDecode(token))));
        return await _http.PostAsync(new Uri(to, UriKind.Relative), form, cancellation);
    }

    /// <summary>Signs in.</summary>
    /// <returns>Where the answer leads: <c>/</c>, or back to the form.</returns>
    public async Task<string?> SignInAsync(string user, string password, CancellationToken cancellation)
    {
        using var answer = await PostAsync("sign-in", "session", cancellation, ("user", user), ("password", password));
        return answer.StatusCode == HttpStatusCode.SeeOther ? answer.Headers.Location?.ToString() : answer.StatusCode.ToString();
    }

    public async Task<HttpStatusCode> StatusAsync(string route, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        return answer.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
