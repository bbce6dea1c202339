using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Monitoring.Gateway.Tests;

/// <summary>A city with an authority of its own, which issues certificates to its hub and its equipment.</summary>
internal sealed class TestCity : IDisposable
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-2);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestCity(string folder)
    {
        Folder = folder;
        var request = new CertificateRequest("CN=City authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Authority = request.CreateSelfSigned(From, From.AddYears(1));
        File.WriteAllText(AuthorityFile, Authority.ExportCertificatePem());
    }

    public string Folder { get; }

    public X509Certificate2 Authority { get; }

    public string AuthorityFile => Path.Combine(Folder, "authority.pem");

    public string CertificateFile => Path.Combine(Folder, "hub.pem");

    public string KeyFile => Path.Combine(Folder, "hub.key");

    /// <summary>Settings of a hub with this certificate, on a free port.</summary>
    public (string, string)[] Settings => [("Gateway:Tls:Host", "127.0.0.1"), ("Gateway:Tls:Port", "0"), ("Gateway:Tls:CertificateFile", CertificateFile), ("Gateway:Tls:KeyFile", KeyFile), ("Gateway:Tls:ClientAuthorityFile", AuthorityFile)];

    /// <summary>When a certificate that was issued for so many days ends.</summary>
    public static DateTimeOffset EndOf(int days) => new(From.AddDays(2 + days).UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>Issues a certificate to the hub and writes its files.</summary>
    /// <param name="days">Whole days until it ends.</param>
    /// <returns>Its thumbprint.</returns>
    public string IssueToHub(int days = 40)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue("CN=hub.example.org", key, "1.3.6.1.5.5.7.3.1", days);
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        return certificate.Thumbprint;
    }

    /// <summary>Issues a certificate to equipment.</summary>
    public X509Certificate2 IssueToDevice(string subject, string purpose = "1.3.6.1.5.5.7.3.2", int days = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(subject, key, purpose, days);
        using var whole = certificate.CopyWithPrivateKey(key);

        // By way of a file form: a key in memory only is not sent on every system.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    public void Dispose()
    {
        Authority.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(string subject, ECDsa key, string purpose, int days)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.Create(Authority, From, From.AddDays(2 + days), RandomNumberGenerator.GetBytes(8));
    }
}
