using Microsoft.Extensions.Logging;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Log lines of accounts and sign-in: 3100 to 3199. Never a user name: it may be a person's.</summary>
internal static partial class AccountsLog
{
    [LoggerMessage(3100, LogLevel.Information, "Signed in as {Role}")]
    public static partial void SignedIn(this ILogger logger, string role);

    [LoggerMessage(3101, LogLevel.Warning, "Refused a sign-in: wrong user or password")]
    public static partial void SignInRefused(this ILogger logger);

    [LoggerMessage(3102, LogLevel.Warning, "Refused a sign-in: more than {AttemptsMax} attempts from one address in {WindowSeconds} s")]
    public static partial void SignInLimited(this ILogger logger, int attemptsMax, int windowSeconds);

    [LoggerMessage(3103, LogLevel.Warning, "A session could not be looked at again ({Error}); it stands until the silo answers")]
    public static partial void SessionNotChecked(this ILogger logger, string error);

    [LoggerMessage(3104, LogLevel.Information, "Accounts: {Change}")]
    public static partial void AccountsChanged(this ILogger logger, string change);

    [LoggerMessage(3106, LogLevel.Warning, "Refused a set-up: wrong secret")]
    public static partial void SetUpRefused(this ILogger logger);

    [LoggerMessage(3107, LogLevel.Warning, "Refused a passkey: {Why}")]
    public static partial void PasskeyRefused(this ILogger logger, string why);

    [LoggerMessage(3105, LogLevel.Information, "Wrote {File} for commands on this machine: {Address}")]
    public static partial void HubFileWritten(this ILogger logger, string file, string address);

    [LoggerMessage(3151, LogLevel.Warning, "Refused a sign-in by the provider of identities: {Reason}")]
    public static partial void ProviderSignInRefused(this ILogger logger, string reason);

    [LoggerMessage(3152, LogLevel.Warning, "The provider of identities does not answer ({Error}); local accounts still work")]
    public static partial void ProviderAway(this ILogger logger, string error);

    [LoggerMessage(3150, LogLevel.Warning, "Refusals could not be written to the audit log ({Error}); they are kept and written later")]
    public static partial void RefusalsNotWritten(this ILogger logger, string error);
}
