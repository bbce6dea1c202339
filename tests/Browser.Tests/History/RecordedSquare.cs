using System.Globalization;
using System.Net.Http.Json;
using Monitoring.Harness;

namespace Monitoring.Browser.Tests.History;

/// <summary>A hub on the replay clock whose square has one counter that releases an hour at a time, also at night.</summary>
internal sealed class RecordedSquare : IAsyncDisposable
{
    /// <summary>Midnight of Saturday, 28 March 2026, in Brussels; in the next night clocks go forward.</summary>
    public static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-03-27T23:00:00Z", CultureInfo.InvariantCulture);

    /// <summary>Hours of the two days.</summary>
    public const int Hours = 47;

    /// <summary>Hours in which nobody passes.</summary>
    public static readonly int[] Empty = [3, 4];

    /// <summary>Hours in which the counter is silent.</summary>
    public static readonly int[] Silent = [10, 11, 12, 13, 14, 15];

    /// <summary>Its name: a full stop in it ends no sentence.</summary>
    public const string Name = "St. Peter's Square";

    private readonly TemporaryFolder _folder = new();

    private RecordedSquare()
    {
    }

    /// <summary>The hub.</summary>
    public HubUnderTest Hub { get; private set; } = null!;

    /// <summary>Starts it at <see cref="Start"/>; nothing has happened yet.</summary>
    public static async Task<RecordedSquare> StartAsync(CancellationToken cancellation)
    {
        var square = new RecordedSquare();
        var site = FixtureSites.Square(1, 3600).Replace("    lines:", "    release: { plan: P60, nightBlock: false, crossings: 4, epsilon: 3 }\n    lines:", StringComparison.Ordinal)
            .Replace("name: Square", $"name: {Name}", StringComparison.Ordinal);
        square.Hub = await HubUnderTest.StartSiteAsync(square._folder.File("data"), square._folder.Write("site.yaml", site), cancellation, "--clock", "replay");
        await square.MoveAsync(Start, cancellation);
        return square;
    }

    /// <summary>Lets two days pass: 400 people in each hour but those in which nobody passes, or nobody counts.</summary>
    public async Task PassAsync(CancellationToken cancellation)
    {
        await using var publisher = await Publisher.ConnectAsync(Hub.Ports.Mqtt, "square", Hub.Secret("square"), cancellation);
        for (var hour = 0; hour < Hours; hour++)
        {
            var (from, to) = (Start.AddHours(hour), Start.AddHours(hour + 1));
            if (!Silent.Contains(hour))
            {
                // Of an hour that it begins, and of the first after it was silent, a heartbeat at its end vouches for nothing.
                if (hour == 0 || Silent.Contains(hour - 1))
                    await publisher.BeatAsync("counter-1", from, cancellation);
                if (!Empty.Contains(hour))
                    await publisher.SendAsync("counter-1", to, "{" + $"\"channel\":\"gate\",\"count\":{{\"in\":400,\"out\":0,\"from\":\"{from:O}\"}}" + "}", cancellation);
                await publisher.BeatAsync("counter-1", to, cancellation);
            }

            await MoveAsync(to, cancellation);
        }

        // Past the wait for those who are late, when the last hour is drawn, and past the next beat, when it is published.
        await MoveAsync(Start.AddHours(Hours).AddMinutes(10), cancellation);
        await MoveAsync(Start.AddHours(Hours).AddMinutes(11), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Dispose();
    }

    private async Task MoveAsync(DateTimeOffset to, CancellationToken cancellation)
    {
        using var admin = Hub.Client();
        (await admin.PostAsJsonAsync("api/clock", new { to }, cancellation)).EnsureSuccessStatusCode();
    }
}
