namespace Monitoring.Gateway.Spaces;

internal static partial class SiteLog
{
    [LoggerMessage(2201, LogLevel.Information, "Site version {Version} with {Connections} connections is in force")]
    public static partial void SiteTaken(this ILogger log, int version, int connections);

    [LoggerMessage(2202, LogLevel.Warning, "The site cannot be asked for; the last one stays in force")]
    public static partial void SiteUnreachable(this ILogger log, Exception fault);

    [LoggerMessage(2203, LogLevel.Information, "The site can be asked for again")]
    public static partial void SiteReachable(this ILogger log);

    [LoggerMessage(2204, LogLevel.Error, "Site version {Version} has {Problems} problems in this program; the last one stays in force")]
    public static partial void SiteRefused(this ILogger log, int version, int problems);

    [LoggerMessage(2205, LogLevel.Error, "{Path} cannot be read; equipment can sign in once the silo answers")]
    public static partial void SiteFileBroken(this ILogger log, Exception fault, string path);

    [LoggerMessage(2206, LogLevel.Error, "{Path} cannot be written; the site is in force, but after a restart without a silo the one before it would be")]
    public static partial void SiteNotKept(this ILogger log, Exception fault, string path);
}
