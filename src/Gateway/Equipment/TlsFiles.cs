using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;
using Monitoring.Domain;

namespace Monitoring.Gateway.Equipment;

/// <summary>The hub's certificate and the authorities of client certificates, as the files have them now; broken files change nothing.</summary>
internal sealed class TlsFiles(IOptions<MqttTlsOptions> options, HubClock clock, ILogger<TlsFiles> log)
{
    /// <summary>So long before the certificate ends people are told.</summary>
    public static readonly TimeSpan WarnBefore = TimeSpan.FromDays(30);

    private static readonly TimeSpan WarnEvery = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private (DateTime, DateTime, DateTime) _stamps;
    private Content? _content;
    private DateTimeOffset? _warnedAt;

    /// <summary>What Kestrel needs for a handshake; each one is made with what the files say then.</summary>
    public TlsHandshakeCallbackOptions Handshake() => new()
    {
        HandshakeTimeout = TimeSpan.FromSeconds(options.Value.HandshakeSeconds),
        OnConnection = _ => ValueTask.FromResult(Current().ToOptions()),
    };

    /// <summary>What people should know of the certificate in force: that it ends soon, or has ended; null where there is nothing to say, or TLS is off.</summary>
    public string? Warning
    {
        get
        {
            if (options.Value.CertificateFile.Length == 0)
                return null;
            try
            {
                return Warn(new DateTimeOffset(Current().NotAfter));
            }
            catch (Exception broken) when (IsOfFiles(broken))
            {
                return $"the certificate for MQTT over TLS cannot be read: {broken.Message}";
            }
        }
    }

    /// <summary>Logs the warning, once a day while there is one. Asked again and again.</summary>
    public void Watch()
    {
        var now = clock.Wall.GetUtcNow();
        if (now - _warnedAt < WarnEvery || Warning is not { } warning)
            return;
        _warnedAt = now;
        log.CertificateEnds(warning);
    }

    /// <summary>Says what is wrong with the settings or the files; null where nothing is, or TLS is off.</summary>
    public static string? Problem(MqttTlsOptions options)
    {
        if (options.CertificateFile.Length == 0)
            return options.KeyFile.Length == 0 && options.ClientAuthorityFile.Length == 0 ? null : "Gateway:Tls:CertificateFile is missing: name the PEM file of the hub's certificate";
        if (!IPAddress.TryParse(options.Host, out _))
            return "Gateway:Tls:Host is not an IP address";
        try
        {
            Content.Read(options);
            return null;
        }
        catch (Exception broken) when (IsOfFiles(broken))
        {
            return $"Gateway:Tls: certificate, key or authorities cannot be read: {broken.Message}";
        }
    }

    private string? Warn(DateTimeOffset ends)
    {
        var left = ends - clock.Wall.GetUtcNow();
        if (left > WarnBefore)
            return null;
        var when = left <= TimeSpan.Zero ? "has ended: equipment cannot connect over TLS" : left < TimeSpan.FromDays(2) ? "ends within two days" : $"ends in {(int)left.TotalDays} days";
        return string.Create(CultureInfo.InvariantCulture, $"the certificate for MQTT over TLS {when} ({ends.UtcDateTime:u}); put a new one in place of {Path.GetFileName(options.Value.CertificateFile)} and its key");
    }

    private Content Current()
    {
        var files = options.Value;
        var stamps = (File.GetLastWriteTimeUtc(files.CertificateFile), File.GetLastWriteTimeUtc(files.KeyFile), files.ClientAuthorityFile.Length == 0 ? default : File.GetLastWriteTimeUtc(files.ClientAuthorityFile));
        lock (_gate)
        {
            if (_content is { } same && stamps == _stamps)
                return same;
            _stamps = stamps;
            try
            {
                _content = Content.Read(files);
                log.CertificateTaken(_content.NotAfter);
            }
            catch (Exception broken) when (IsOfFiles(broken) && _content is not null)
            {
                // Perhaps only one of two files is there yet: its time of writing changes again.
                log.CertificateRefused(broken);
            }

            return _content;
        }
    }

    private static bool IsOfFiles(Exception fault) => fault is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private sealed record Content(SslStreamCertificateContext Server, DateTime NotAfter, X509Certificate2Collection? Authorities)
    {
        private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

        public static Content Read(MqttTlsOptions options)
        {
            var own = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.CertificateFile);
            X509Certificate2Collection? authorities = null;
            if (options.ClientAuthorityFile.Length > 0)
            {
                authorities = [];
                authorities.ImportFromPemFile(options.ClientAuthorityFile);
                if (authorities.Count == 0)
                    throw new ArgumentException($"{options.ClientAuthorityFile} holds no certificate");
            }

            return new Content(SslStreamCertificateContext.Create(own, chain, offline: true), own.NotAfter, authorities);
        }

        public SslServerAuthenticationOptions ToOptions() => new()
        {
            ServerCertificateContext = Server,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

            // Asked for, not demanded: a connection without one signs in with its secret.
            ClientCertificateRequired = Authorities is not null,
            RemoteCertificateValidationCallback = (_, given, _, _) => given is null || IsTrusted(given),
        };

        private bool IsTrusted(X509Certificate given)
        {
            if (Authorities is null)
                return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
            return chain.Build(given as X509Certificate2 ?? new X509Certificate2(given));
        }
    }
}

/// <summary>Refuses to start with files that cannot be used.</summary>
internal sealed class TlsFilesCheck : IValidateOptions<MqttTlsOptions>
{
    public ValidateOptionsResult Validate(string? name, MqttTlsOptions options) =>
        TlsFiles.Problem(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}
