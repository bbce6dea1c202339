using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Console;
using Monitoring.Contracts;
using OpenTelemetry.Metrics;

namespace Monitoring.Host;

/// <summary>Logs and metrics of a process.</summary>
internal static class HubObservability
{
    /// <summary>Where the metrics token lies in the data folder.</summary>
    public const string MetricsTokenFile = "metrics-token";

    /// <summary>Logs go to standard error, one line each: standard output belongs to the commands.</summary>
    public static void AddHubLogging(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Monitoring", LogLevel.Information);

        // Repeats every placement that Orleans tries again while a silo starts.
        logging.AddFilter("Polly", LogLevel.Error);

        // Says at each new data folder that cookie keys lie unencrypted in it; the folder is for this user only (docs/reference/configuration.md).
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

        // Says that the watchdog has not run for the machine's whole uptime, once, at each start.
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Repeats what the start-up says in one line of its own.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    /// <summary>Metrics of the hub and of the runtime. Meters that count messages of Orleans or of HTTP stay out: they follow single passages.</summary>
    public static void AddHubObservability(this IServiceCollection services, DataFolder folder)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Monitoring.*")
            .AddRuntimeInstrumentation()
            .AddView("dotnet.thread_pool.work_item.count", MetricStreamConfiguration.Drop)
            .AddView("dotnet.exceptions", MetricStreamConfiguration.Drop)
            .AddPrometheusExporter());
        services.AddSingleton(new MetricsToken(ReadOrMakeToken(folder)));
    }

    /// <summary>Serves <c>GET /metrics</c> to whoever has the metrics token, and to nobody else.</summary>
    public static void UseHubMetrics(this WebApplication hub) => hub.Map("/metrics", metrics =>
    {
        metrics.Use(async (context, next) =>
        {
            if (context.RequestServices.GetRequiredService<MetricsToken>().Allows(context.Request))
                await next(context);
            else
                await Results.Problem("Send 'Authorization: Bearer' with the token of the file metrics-token in the data folder.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
        });
        metrics.UseOpenTelemetryPrometheusScrapingEndpoint(_ => true);
    });

    private static string ReadOrMakeToken(DataFolder folder)
    {
        var path = folder.File(MetricsTokenFile);
        if (!File.Exists(path))
            PrivateFile.Write(path, Encoding.UTF8.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true) + "\n"));
        return File.ReadAllText(path).Trim();
    }
}

/// <summary>The token that opens <c>/metrics</c>.</summary>
internal sealed class MetricsToken(string token)
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes($"Bearer {token}");

    /// <summary>Whether a request may read metrics.</summary>
    public bool Allows(HttpRequest request) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), _expected);
}
