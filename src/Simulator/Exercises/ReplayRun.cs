using Monitoring.Domain.Intake;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>Plays recorded counts over MQTT as devices would send them, and moves the hub's clock with them.</summary>
/// <remarks>
/// A bin is done when all its messages are acknowledged and the clock stands at its end. Until then the whole bin is sent again
/// after each loss; the hub recognises the repeats. So a hub that is killed in the middle misses nothing and counts nothing twice.
/// </remarks>
/// <param name="http">Client for the clock.</param>
/// <param name="time">The wall clock.</param>
/// <param name="output">Gets the one line of results.</param>
/// <param name="progress">Shows how far it is.</param>
public sealed class ReplayRun(HttpClient http, TimeProvider time, TextWriter output, ReplayProgress progress)
{
    /// <summary>Plays the file that the options name.</summary>
    /// <param name="options">What and where.</param>
    /// <param name="cancellation">Ends the replay after the current answer.</param>
    /// <exception cref="ReplayInputException">A file is wrong.</exception>
    /// <exception cref="HubRefusedException">The hub does not let this replay in.</exception>
    /// <exception cref="HubAwayException">The hub stayed away for too long.</exception>
    public async Task<ReplayResult> RunAsync(ReplayOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var counts = Open(options.CountsFile);
        using var outages = options.OutagesFile is { } file ? Open(file) : null;
        var bins = ReplayBins.Read(counts, options.CountsFile, options.Map, outages, options.OutagesFile ?? "");
        return await RunAsync(options, bins, () => counts.BaseStream.Length == 0 ? 1 : (double)counts.BaseStream.Position / counts.BaseStream.Length, cancellation);
    }

    /// <summary>Plays bins from elsewhere, in the order given; the files of the options are not read.</summary>
    /// <param name="options">Where.</param>
    /// <param name="bins">The bins.</param>
    /// <param name="cancellation">Ends the replay after the current answer.</param>
    public Task<ReplayResult> RunAsync(ReplayOptions options, IEnumerable<ReplayBin> bins, CancellationToken cancellation) =>
        RunAsync(options, bins, () => 0, cancellation);

    private async Task<ReplayResult> RunAsync(ReplayOptions options, IEnumerable<ReplayBin> bins, Func<double> share, CancellationToken cancellation)
    {
        await using var link = new MqttLink(options.Mqtt, options.User, options.Password, $"replay-{options.User}", time);
        var hub = new ReplayHub(link, new ReplayClock(http, options.Api, options.Token), new ReplayTarget(options.Mqtt, options.User, options.InFlightMax, options.GiveUpAfter, options.Seed), time, progress);
        var pace = new ReplayPace(options.Speed, time);
        var chosen = bins.TakeWhile(bin => options.Until is null || bin.End <= options.Until);
        ReplayBin? last = null;
        var played = 0;
        try
        {
            foreach (var bin in options.DaysTwice ? ReplayBins.DaysTwice(chosen, options.Map.TimeZone) : chosen)
            {
                if (last is null)
                    await hub.MoveClockAsync(bin.Start, cancellation);
                await hub.PlayAsync(bin.End, [.. Messages(bin)], cancellation);
                last = last is null || bin.End > last.End ? bin : last;
                progress.Show(bin, ++played, share());
                if (options.AfterBin is { } after)
                    await after(bin, cancellation);
                await pace.WaitAsync(bin, cancellation);
            }

            DateTimeOffset? midnight = last is null ? null : ReplayBins.MidnightFrom(last.End, options.Map.TimeZone);
            if (midnight is { } to)
                await hub.MoveClockAsync(to, cancellation);
            return hub.Result(played, midnight);
        }
        finally
        {
            progress.End();
            await output.WriteLineAsync(hub.Result(played, null).Line());
        }
    }

    private static StreamReader Open(string file)
    {
        try
        {
            return new StreamReader(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplayInputException($"{file}: cannot be read ({e.Message}); give the path of a readable file");
        }
    }

    private static IEnumerable<OutgoingMessage> Messages(ReplayBin bin)
    {
        foreach (var device in bin.Back)
            yield return new OutgoingMessage(NativeMessage.TopicOf(device), NativeMessage.Heartbeat(bin.Start));
        foreach (var count in bin.Counts)
            yield return new OutgoingMessage(NativeMessage.TopicOf(count.Device), NativeMessage.Of(bin.End, [new CountReading(count.Channel, bin.End, count.In, count.Out, bin.Start)]));
        foreach (var device in bin.Alive)
            yield return new OutgoingMessage(NativeMessage.TopicOf(device), NativeMessage.Heartbeat(bin.End));
    }
}
