using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>Moves the virtual clock of a hub: <c>POST /api/clock {"to":…}</c>.</summary>
/// <param name="http">Client.</param>
/// <param name="api">Base address of the API.</param>
/// <param name="token">API token of an admin.</param>
internal sealed class ReplayClock(HttpClient http, Uri api, string token)
{
    private readonly Uri _route = new(api, "/api/clock");

    /// <summary>Moves the clock; the hub answers once every reading up to then is applied.</summary>
    /// <param name="to">The instant.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LinkLostException">The hub is away or busy: try again.</exception>
    /// <exception cref="HubRefusedException">It will not do it.</exception>
    public async Task MoveToAsync(DateTimeOffset to, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _route);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new StringContent($"{{\"to\":\"{to.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)}\"}}", Encoding.UTF8, "application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            await CheckAsync(response, cancellation);
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new LinkLostException($"{_route}: {away.Message}", away);
        }
    }

    private async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
            return;
        var code = (int)response.StatusCode;
        throw response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new HubRefusedException($"{_route} answers {code}: put the API token of an admin in MONITORING_TOKEN"),
            HttpStatusCode.NotFound => new HubRefusedException($"{_route} does not exist: start the hub with --clock replay"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new LinkLostException($"{_route} answers {code}"),
            _ => new HubRefusedException($"{_route} answers {code}: {await response.Content.ReadAsStringAsync(cancellation)}"),
        };
    }
}
