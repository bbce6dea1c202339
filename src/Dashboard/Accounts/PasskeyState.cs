using Microsoft.AspNetCore.DataProtection;

namespace Monitoring.Dashboard.Accounts;

/// <summary>What the hub must remember between asking a browser for a passkey and its answer: sealed, in a cookie of its own, for five minutes.</summary>
internal sealed class PasskeyState(IDataProtectionProvider protection)
{
    public const string ToSignIn = "sign-in";
    public const string ToAdd = "add";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(5);
    private static readonly TlsCookie Cookie = new("hub-passkey");

    public void Keep(HttpContext context, string purpose, string state) =>
        context.Response.Cookies.Append(Cookie.Name!, Sealed(purpose).Protect(state, AnswerWithin), Cookie.Build(context));

    /// <returns>The state; null where none was kept for this purpose, or it is too old.</returns>
    public string? Take(HttpContext context, string purpose)
    {
        if (context.Request.Cookies[Cookie.Name!] is not { } kept)
            return null;
        context.Response.Cookies.Delete(Cookie.Name!, Cookie.Build(context));
        try
        {
            return Sealed(purpose).Unprotect(kept);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private ITimeLimitedDataProtector Sealed(string purpose) => protection.CreateProtector("passkey", purpose).ToTimeLimitedDataProtector();
}
