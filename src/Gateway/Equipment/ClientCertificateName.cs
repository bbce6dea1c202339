using System.Security.Cryptography.X509Certificates;

namespace Monitoring.Gateway.Equipment;

/// <summary>Which connection of the site a client certificate is for.</summary>
internal static class ClientCertificateName
{
    private const string CommonName = "2.5.4.3";

    /// <summary>The only common name of the subject; empty where there is none, or more than one.</summary>
    public static string Of(X509Certificate2 certificate)
    {
        var found = "";
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements || part.GetSingleElementType().Value != CommonName)
                continue;
            if (found.Length > 0)
                return "";
            found = part.GetSingleElementValue() ?? "";
        }

        return found;
    }
}
