using Microsoft.Extensions.Logging;

namespace Monitoring.Simulator.Intake;

/// <summary>Log of the simulator; ids 4000 to 4099.</summary>
internal static partial class SimulatorLog
{
    [LoggerMessage(4000, LogLevel.Information, "Simulated city {Site}: {Connections} connections to {Endpoint}, seed {Seed}, scene {Scene}")]
    public static partial void CityStarted(this ILogger logger, string site, int connections, string endpoint, int seed, string scene);

    [LoggerMessage(4001, LogLevel.Debug, "Simulated connection {Connection} is up")]
    public static partial void LinkUp(this ILogger logger, string connection);

    [LoggerMessage(4002, LogLevel.Information, "Simulated connection {Connection} lost: {Why}")]
    public static partial void LinkDown(this ILogger logger, string connection, string why);

    [LoggerMessage(4003, LogLevel.Debug, "Simulated connection {Connection} cannot connect: {Why}")]
    public static partial void LinkAway(this ILogger logger, string connection, string why);

    [LoggerMessage(4004, LogLevel.Warning, "The hub refused a message of simulated connection {Connection} on {Topic}: {Why}")]
    public static partial void MessageRefused(this ILogger logger, string connection, string topic, string why);
}
