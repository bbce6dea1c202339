using System.ComponentModel.DataAnnotations;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Limits of signing in. Section <c>Dashboard:SignIn</c>.</summary>
public sealed class SignInOptions
{
    public const string Section = "Dashboard:SignIn";

    /// <summary>Sign-in attempts from one address in one window; more are answered 429 with Retry-After. 1 to 1000, default 10.</summary>
    [Range(1, 1_000)]
    public int AttemptsMax { get; init; } = 10;

    /// <summary>Length of the window, seconds. 1 to 3600, default 60.</summary>
    [Range(1, 3_600)]
    public int WindowSeconds { get; init; } = 60;

    /// <summary>A session ends after so many hours without a request. 1 to 24, default 12.</summary>
    [Range(1, 24)]
    public int SessionHours { get; init; } = 12;

    /// <summary>A session ends so many hours after it began, however much it is used: longer than a duty shift. 1 to 168, default 24.</summary>
    [Range(1, 168)]
    public int SessionHoursMax { get; init; } = 24;

    /// <summary>Domain that passkeys are bound to, such as <c>hub.example.org</c>; empty for the host name of each request. Passkeys of another domain stop working. Default: empty.</summary>
    [RegularExpression("[a-z0-9.-]{0,253}")]
    public string PasskeyDomain { get; init; } = "";

    /// <summary>An account is looked at again after so many seconds of a session: a disabled one loses it then. 1 to 600, default 60.</summary>
    [Range(1, 600)]
    public int RevalidateSeconds { get; init; } = 60;
}
