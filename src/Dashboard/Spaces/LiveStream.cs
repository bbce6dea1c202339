using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain;

namespace Monitoring.Dashboard.Spaces;

/// <summary>One space as Server-Sent Events: <c>snapshot</c> first and after each gap, else <c>update</c>; <c>heartbeat</c> each second.</summary>
internal sealed class LiveStream(LiveFeed feed, LiveSubscription subscription, string space, HubClock clock, SessionCheck sessions, CancellationToken stopping) : IResult
{
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(1);

    private long? _sent;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var leaving = subscription;
        var cancellation = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var writing = new SemaphoreSlim(1);

        // A stream that waited for its reader to leave would hold up the stop of the whole hub.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        var beats = BeatAsync(httpContext, writing, ended.Token);
        var updates = UpdateAsync(httpContext, writing, ended.Token);
        await Task.WhenAny(beats, updates);
        await ended.CancelAsync();
        await Task.WhenAll(beats, updates).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task UpdateAsync(HttpContext context, SemaphoreSlim writing, CancellationToken cancellation)
    {
        do
        {
            if (feed.Find(space) is not { } now)
                return;
            if (now.Update is { } update && update.Sequence != _sent)
            {
                var gap = _sent is null || update.Sequence != _sent + 1;
                _sent = update.Sequence;
                await WriteAsync(context, writing, Head(gap ? "snapshot" : "update", update.Sequence), update.Json, cancellation);
            }
        }
        while (await subscription.MovedAsync(cancellation));
    }

    private async Task BeatAsync(HttpContext context, SemaphoreSlim writing, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(BeatEvery, clock.Wall);
        var checkedAt = clock.Wall.GetUtcNow();
        while (await timer.NextAsync(cancellation))
        {
            var at = clock.Wall.GetUtcNow();
            var live = feed.Find(space) is { IsLive: true };
            var data = $$"""{"at":"{{at.UtcDateTime:O}}","sequence":{{_sent ?? 0}},"live":{{(live ? "true" : "false")}}}""";
            await WriteAsync(context, writing, "event: heartbeat\ndata: "u8.ToArray(), Encoding.UTF8.GetBytes(data), cancellation);
            if (at - checkedAt < sessions.Interval)
                continue;
            checkedAt = at;
            if (!await StandsAsync(context, cancellation))
                return;
        }
    }

    // A stream outlives the request's own check: a revoked token or a disabled account loses it.
    private async Task<bool> StandsAsync(HttpContext context, CancellationToken cancellation)
    {
        try
        {
            return await sessions.StandsAsync(context.User, cancellation);
        }
        catch (Exception error) when (SiloAway.Is(error))
        {
            return true;
        }
    }

    private static byte[] Head(string name, long sequence) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: {name}\nid: {sequence}\ndata: "));

    private static async Task WriteAsync(HttpContext context, SemaphoreSlim writing, byte[] head, byte[] data, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            var body = context.Response.BodyWriter;
            await body.WriteAsync(head, cancellation);
            await body.WriteAsync(data, cancellation);
            await body.WriteAsync("\n\n"u8.ToArray(), cancellation);
            await body.FlushAsync(cancellation);
        }
        finally
        {
            writing.Release();
        }
    }
}
