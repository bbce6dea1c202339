using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>Plays the simulated city to a hub on the replay clock, as fast as the hub accepts, and moves its clock: days in minutes.</summary>
/// <remarks>As in <see cref="ReplayRun"/>, a step is done when all its messages are acknowledged and the clock stands at its end; after a loss all of it is sent again.</remarks>
/// <param name="http">Client for the clock.</param>
/// <param name="time">The wall clock.</param>
/// <param name="progress">Says when the hub is away.</param>
public sealed class CityRun(HttpClient http, TimeProvider time, ReplayProgress progress)
{
    /// <summary>Plays the city from one instant to another.</summary>
    /// <param name="options">What and where.</param>
    /// <param name="cancellation">Ends it after the current answer.</param>
    /// <exception cref="HubRefusedException">The hub does not let the city in.</exception>
    /// <exception cref="HubAwayException">The hub stayed away for too long.</exception>
    public async Task<ReplayResult> RunAsync(CityRunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using var links = new CityLinks(options.City, time);
        var target = new ReplayTarget(options.City.Endpoint, "the city's connections", InFlightMax: 500, options.GiveUpAfter, options.City.Seed);
        var hub = new ReplayHub(links, new ReplayClock(http, options.Api, options.Token), target, time, progress);
        var city = new PilotCity(options.City.Site, Scenes.Of(options.City.Scene), options.City.Seed, options.From);
        await hub.MoveClockAsync(options.From, cancellation);
        var steps = 0;
        for (var at = options.From; at < options.Until; steps++)
        {
            var end = at + options.Step < options.Until ? at + options.Step : options.Until;
            List<OutgoingMessage> messages = [];
            for (; at < end; at = at + PilotCity.CatchUpMax < end ? at + PilotCity.CatchUpMax : end)
                messages.AddRange(city.AdvanceTo(at + PilotCity.CatchUpMax < end ? at + PilotCity.CatchUpMax : end).Select(report => report.Message).Where(links.Takes));
            await hub.PlayAsync(end, messages, cancellation);
            if (options.AfterStep is { } after)
                await after(end, cancellation);
        }

        return hub.Result(steps, options.Until);
    }
}

/// <summary>What a run of the simulated city plays, and where.</summary>
public sealed record CityRunOptions
{
    /// <summary>The city.</summary>
    public required PilotCitySetup City { get; init; }

    /// <summary>Base address of the hub's HTTP API.</summary>
    public required Uri Api { get; init; }

    /// <summary>API token of an admin.</summary>
    public required string Token { get; init; }

    /// <summary>The instant at which it begins.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The instant at which it ends; the clock is left there.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>How far the clock goes at once, over 0. Default 15 min.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Called after each step, once the hub's clock stands at its end.</summary>
    public Func<DateTimeOffset, CancellationToken, Task>? AfterStep { get; init; }

    /// <summary>How long the hub may be away before the run ends. Default 2 min.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(2);
}
