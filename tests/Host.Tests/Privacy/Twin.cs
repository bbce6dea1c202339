using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Harness;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>One of two hubs that are compared, with its equipment.</summary>
internal sealed class Twin : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private HttpClient? _admin;
    private Publisher? _publisher;

    /// <summary>The hub.</summary>
    public InnerHub Hub { get; private set; } = null!;

    /// <summary>Where its numbers were drawn.</summary>
    public DrawProbe Draws { get; private set; } = null!;

    /// <summary>What it answered.</summary>
    public TwinAnswers Answers { get; private set; } = null!;

    /// <summary>What it left on disk; there once it has ended.</summary>
    public TwinFiles Files { get; set; } = null!;

    /// <summary>Starts it.</summary>
    public async Task StartAsync(string data, string siteFile, CancellationToken cancellation)
    {
        Hub = await InnerHub.StartAsync(data, siteFile, new Dictionary<string, string?> { ["Dashboard:History:PublicRequestsMax"] = "100000" }, services => services.AddTransient<IStartupFilter, MarkedRequests>(), cancellation);
        Draws = new DrawProbe(Hub.Services.GetRequiredService<ReleaseStore>());
        _admin = Hub.Admin();
        Answers = await TwinAnswers.OfAsync(Hub, cancellation);
        _publisher = await Hub.PublisherAsync("square", cancellation);
    }

    /// <summary>Moves the clock.</summary>
    public Task MoveAsync(DateTimeOffset to, CancellationToken cancellation) => Hub.MoveClockAsync(to, cancellation);

    /// <summary>A heartbeat of both devices.</summary>
    public async Task BeatAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        foreach (var device in (string[])["counter-1", "camera"])
            await _publisher!.BeatAsync(device, at, cancellation);
    }

    /// <summary>Publishes readings of a device as they are written.</summary>
    public async Task SendAsync(string device, string payload, CancellationToken cancellation) =>
        Assert.True((await _publisher!.PublishAsync($"equipment/{device}/readings", payload, cancellation)).IsSuccess);

    /// <summary>An empty hall, minute by minute, in the first three hours of a day; the camera is away then.</summary>
    public Task HeadsAsync(DateTimeOffset hour, CancellationToken cancellation) => HeadsAsync(hour, _ => 0, cancellation);

    /// <summary>The same with people in it.</summary>
    public async Task HeadsAsync(DateTimeOffset hour, Func<int, int> people, CancellationToken cancellation)
    {
        for (var minute = 0; minute < 60 && hour.Hour is 23 or 0 or 1; minute++)
        {
            var at = hour.AddMinutes(minute);
            await SendAsync("camera", SealedSquare.Heads(at.ToUnixTimeSeconds(), at, people(minute)), cancellation);
        }
    }

    /// <summary>Takes the numbers of a day back.</summary>
    public async Task WithdrawAsync(DateOnly day, CancellationToken cancellation)
    {
        foreach (var space in (string[])["square", "hall"])
            (await Answers.As("dpo").PostAsJsonAsync($"api/history/{space}/days/{day:yyyy-MM-dd}/withdraw", new { reason = "counted twice" }, cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>Waits until the copy has everything that is out.</summary>
    public Task CopiedAsync(CancellationToken cancellation) => Waiting.UntilAsync(
        "the copy is up to date",
        async () => (await _admin!.GetFromJsonAsync<JsonElement>("api/history/copies", cancellation)).EnumerateArray().All(copy => copy.GetProperty("behind").GetInt64() == 0),
        Patience,
        cancellation);

    public async ValueTask DisposeAsync()
    {
        Answers?.Dispose();
        _admin?.Dispose();
        if (_publisher is not null)
            await _publisher.DisposeAsync();
        if (Hub is not null)
            await Hub.DisposeAsync();
    }

    /// <summary>Gives each request a mark that goes wherever its work goes.</summary>
    private sealed class MarkedRequests : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, answer) =>
            {
                DrawProbe.Request.Value = context.Request.Path;
                await answer(context);
            });
            next(app);
        };
    }
}
