namespace Monitoring.Gateway.Equipment;

internal static partial class TlsLog
{
    [LoggerMessage(2301, LogLevel.Information, "The certificate for MQTT over TLS is in force; it ends {NotAfter:u}")]
    public static partial void CertificateTaken(this ILogger log, DateTime notAfter);

    [LoggerMessage(2302, LogLevel.Error, "Changed files of Gateway:Tls cannot be used; the certificate of before stays in force")]
    public static partial void CertificateRefused(this ILogger log, Exception fault);

    [LoggerMessage(2303, LogLevel.Warning, "{Warning}")]
    public static partial void CertificateEnds(this ILogger log, string warning);
}
