using Monitoring.Harness;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Two hubs in this process, with one site, the same heartbeats and the same instants of the clock, in which different people pass. What can be learnt of each is kept; then they end.</summary>
/// <remarks>
/// On the first day nobody comes to the one, and a crowd to the other. On the second both have cells whose number is shown, cells whose number is not, and cells with none, from very different
/// counts; at the end they are withdrawn. Everything that is public is asked for while they are released.
/// </remarks>
public sealed class TwinHubs : IAsyncLifetime
{
    /// <summary>Midnight in Brussels: the first day begins.</summary>
    public static readonly DateTimeOffset First = new(2026, 3, 1, 23, 0, 0, TimeSpan.Zero);

    /// <summary>The second one.</summary>
    public static readonly DateTimeOffset Second = First.AddDays(1);

    // The clock stands between two ticks: a seal comes out at the same one, whether the move of the clock finds it or the next beat.
    private static readonly TimeSpan OffTick = TimeSpan.FromSeconds(2.5);
    // Until all cells of a day are out, and the day is open data.
    private const int DayAndMore = 26;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The hub to which nobody comes, or few.</summary>
    internal Twin Quiet { get; private set; } = null!;

    /// <summary>The hub with the crowds.</summary>
    internal Twin Crowded { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var site = _folder.Write("site.yaml", SealedSquare.Site);
        (Quiet, Crowded) = (new Twin(), new Twin());
        await Task.WhenAll(Quiet.StartAsync(_folder.File("quiet"), site, Cancellation), Crowded.StartAsync(_folder.File("crowded"), site, Cancellation));
        await BothAsync(twin => twin.MoveAsync(First - Hour + OffTick, Cancellation));
        await BothAsync(twin => twin.BeatAsync(First, Cancellation));
        for (var hour = 0; hour < 24; hour++)
        {
            var (at, name) = (First.AddHours(hour), $"hour {hour}");
            await SpeakAsync(at, beats: hour is not (10 or 11), Quiet.HeadsAsync, CrowdAsync);
            await BothAsync(twin => twin.MoveAsync(at + Hour + OffTick, Cancellation));
            if (hour % 6 != 5)
                continue;
            await BothAsync(twin => twin.CopiedAsync(Cancellation));
            await BothAsync(twin => twin.Answers.KeepAsync(name, "dpo", $"api/history/square/gate-1-in?{SealedSquare.Range(First, Second)}&grid=cell&noise=true", Cancellation));
        }

        for (var hour = 0; hour < DayAndMore; hour++)
        {
            var at = Second.AddHours(hour);
            await SpeakAsync(at, beats: hour is < 3 or > 4, FewAsync, ManyAsync);
            await BothAsync(twin => Task.WhenAll(twin.MoveAsync(at + Hour + OffTick, Cancellation), at.Hour % 6 == 5 ? twin.Answers.AskDayAsync(Second, Cancellation) : Task.CompletedTask));
        }

        await BothAsync(twin => twin.CopiedAsync(Cancellation));
        await BothAsync(twin => twin.Answers.KeepDayAsync("first day", First, Cancellation));
        await BothAsync(twin => twin.Answers.KeepDayAsync("second day", Second, Cancellation));
        await BothAsync(twin => twin.WithdrawAsync(DateOnly.FromDateTime(Second.AddHours(1).DateTime), Cancellation));

        // What is withdrawn comes behind what was stored before it and is not out.
        await BothAsync(twin => twin.MoveAsync(Second.AddHours(DayAndMore) + OffTick + (2 * ReleaseTick.Every), Cancellation));
        await BothAsync(twin => twin.CopiedAsync(Cancellation));
        await BothAsync(twin => twin.Answers.KeepDayAsync("second day, withdrawn", Second, Cancellation));
        await BothAsync(async twin =>
        {
            await twin.Hub.StopAsync();
            twin.Files = TwinFiles.Of(twin.Hub.Data);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await BothAsync(async twin => await twin.DisposeAsync());
        _folder.Dispose();
    }

    private Task BothAsync(Func<Twin, Task> deed) => Task.WhenAll(deed(Quiet), deed(Crowded));

    // Equipment speaks of the hour that begins now. A moment later everything of it is sealed that can be: its beats vouch for what was before.
    private async Task SpeakAsync(DateTimeOffset hour, bool beats, Func<DateTimeOffset, CancellationToken, Task> quiet, Func<DateTimeOffset, CancellationToken, Task> crowded)
    {
        await Task.WhenAll(quiet(hour, Cancellation), crowded(hour, Cancellation));
        for (var quarter = 1; beats && quarter <= 4; quarter++)
        {
            var at = hour + (quarter * SealedSquare.Quarter);
            await BothAsync(twin => twin.BeatAsync(at, Cancellation));
        }

        await BothAsync(twin => twin.MoveAsync(hour + OffTick + TimeSpan.FromMilliseconds(1), Cancellation));
    }

    // Hundreds at any time of the hour and of those before, some told twice, also while nobody vouches; and a full hall.
    private async Task CrowdAsync(DateTimeOffset hour, CancellationToken cancellation)
    {
        var random = new Random(RunSeed.Drawn + hour.Hour);
        for (var i = 0; i < 12; i++)
        {
            var message = SealedSquare.Passages(hour.ToUnixTimeSeconds() + i, hour.AddSeconds(random.Next(-9_000, 3_600)), random.Next(400));
            for (var times = random.Next(1, 3); times > 0; times--)
                await Crowded.SendAsync("counter-1", message, cancellation);
        }

        await Crowded.HeadsAsync(hour, _ => random.Next(300), cancellation);
    }

    // First an hour whose numbers are shown, then two whose numbers are not, then two without a heartbeat.
    private Task FewAsync(DateTimeOffset hour, CancellationToken cancellation) => PassAsync(Quiet, hour, [100, 0, 0, 0, 0], heads: 20, cancellation);

    private Task ManyAsync(DateTimeOffset hour, CancellationToken cancellation) => PassAsync(Crowded, hour, [9_000, 1, 1, 9_000, 1], heads: 250, cancellation);

    private static async Task PassAsync(Twin twin, DateTimeOffset hour, int[] people, int heads, CancellationToken cancellation)
    {
        var number = (int)(hour - Second).TotalHours;
        if (number >= people.Length)
            return;

        // Of those that are not shown one passes at most, within all four quarters: their sum is not shown either.
        for (var quarter = 0; quarter < (people[number] > 1 ? 4 : people[number]); quarter++)
            await twin.SendAsync("counter-1", SealedSquare.Passages(hour.ToUnixTimeSeconds() + quarter, hour.AddMinutes(3 + (15 * quarter)), people[number]), cancellation);
        await twin.HeadsAsync(hour, _ => number == 0 ? heads : 0, cancellation);
    }
}
