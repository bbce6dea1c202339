using Microsoft.Extensions.Options;
using Monitoring.Domain.History;
using Monitoring.History;

namespace Monitoring.Host;

/// <summary>Registers the copy of the history in InfluxDB, where an address is set.</summary>
internal static partial class InfluxServices
{
    /// <summary>Adds it as one more <see cref="IHistoryCopy"/>.</summary>
    /// <param name="services">Services of a process with the silo role.</param>
    /// <param name="configuration">What file, environment and command line say.</param>
    public static void AddInfluxHistory(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InfluxOptions>().BindConfiguration(InfluxHistory.Section).ValidateDataAnnotations().ValidateOnStart();
        if (!string.IsNullOrEmpty(configuration[$"{InfluxHistory.Section}:{nameof(InfluxOptions.Url)}"]))
            services.AddSingleton<IHistoryCopy>(Influx);
    }

    private static InfluxHistory Influx(IServiceProvider services)
    {
        var log = services.GetRequiredService<ILogger<InfluxHistory>>();
        return new InfluxHistory(
            services.GetRequiredService<IOptions<InfluxOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            aside => SetAside(log, aside.Destination, aside.Lines, aside.Reason, string.Join("; ", aside.Named)));
    }

    [LoggerMessage(5101, LogLevel.Warning, "InfluxDB {Destination} does not take {Lines} lines: {Reason}. They are missing there and nowhere else; the first are {Named}")]
    private static partial void SetAside(ILogger log, string destination, int lines, string reason, string named);
}
