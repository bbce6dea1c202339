using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;

namespace Monitoring.Harness;

/// <summary>Questions to the hub's API.</summary>
public static class HubApi
{
    /// <summary>The live state of a space.</summary>
    public static async Task<SpaceSnapshot> SpaceAsync(this HttpClient http, string space, CancellationToken cancellation) =>
        SpaceSnapshot.FromBytes(await http.GetByteArrayAsync($"api/spaces/{space}", cancellation));

    /// <summary>The alarms of a state.</summary>
    public static async Task<IReadOnlyList<Alarm>> AlarmsAsync(this HttpClient http, CancellationToken cancellation, string state = "active") =>
        Alarm.FromBytes(await http.GetByteArrayAsync($"api/alarms?state={state}", cancellation));

    /// <summary>Takes an alarm.</summary>
    public static Task<HttpResponseMessage> AcknowledgeAsync(this HttpClient http, string alarm, CancellationToken cancellation, string? note = null) =>
        http.PostAsJsonAsync($"api/alarms/{alarm}/acknowledge", new { note }, cancellation);

    /// <summary>The intake counters.</summary>
    public static Task<JsonElement> IntakeAsync(this HttpClient http, CancellationToken cancellation) =>
        http.GetFromJsonAsync<JsonElement>("api/intake", cancellation);

    /// <summary>Messages refused for a reason since the hub started.</summary>
    public static async Task<long> RefusedForAsync(this HttpClient http, string reason, CancellationToken cancellation) =>
        (await http.IntakeAsync(cancellation)).GetProperty("reasons").TryGetProperty(reason, out var count) ? count.GetInt64() : 0;
}
