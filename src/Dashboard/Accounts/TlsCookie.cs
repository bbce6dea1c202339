using System.Net;

namespace Monitoring.Dashboard.Accounts;

/// <summary>
/// A cookie that scripts cannot read, other sites cannot send, and that leaves the browser over TLS only, except to this machine itself.
/// The hub cannot see whether a proxy in front of it speaks TLS; the browser can, so the rule goes by the host name.
/// </summary>
internal sealed class TlsCookie : CookieBuilder
{
    public TlsCookie(string name)
    {
        Name = name;
        HttpOnly = true;
        IsEssential = true;
        SameSite = SameSiteMode.Strict;
        SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure |= !IsThisMachine(context.Request.Host.Host);
        return options;
    }

    /// <summary>Whether a host name means the machine that the browser runs on.</summary>
    internal static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
