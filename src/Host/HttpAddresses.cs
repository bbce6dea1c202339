using System.Net;

namespace Monitoring.Host;

/// <summary>Reads the addresses that HTTP listens on.</summary>
internal static class HttpAddresses
{
    /// <summary>Reads addresses such as <c>http://127.0.0.1:5080</c>, separated by <c>;</c>. <c>localhost</c> is 127.0.0.1; <c>*</c> is every address of the machine.</summary>
    /// <exception cref="HubRefusal">One cannot be read.</exception>
    public static IReadOnlyList<IPEndPoint> Read(string urls)
    {
        var endpoints = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadOne).ToList();
        return endpoints.Count > 0 ? endpoints : throw Refuse(urls);
    }

    private static IPEndPoint ReadOne(string url)
    {
        if (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            throw new HubRefusal(ExitCode.WrongUsage, $"'{url}' asks for TLS, which this version leaves to a reverse proxy: use http://");
        var everywhere = url.StartsWith("http://*", StringComparison.Ordinal) || url.StartsWith("http://+", StringComparison.Ordinal);
        if (!Uri.TryCreate(everywhere ? $"http://0.0.0.0{url[8..]}" : url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || address.AbsolutePath != "/")
            throw Refuse(url);
        var host = address.DnsSafeHost == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.DnsSafeHost, out var ip) ? ip : throw Refuse(url);
        return new IPEndPoint(host, address.Port);
    }

    private static HubRefusal Refuse(string url) => new(ExitCode.WrongUsage, $"'{url}' is not an HTTP address: write, for example, --urls http://127.0.0.1:5080");
}
