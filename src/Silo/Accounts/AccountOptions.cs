using System.ComponentModel.DataAnnotations;
using Monitoring.Domain.Accounts;

namespace Monitoring.Silo.Accounts;

/// <summary>When wrong passwords lock an account. Section <c>Silo:Accounts</c>.</summary>
public sealed class AccountOptions
{
    /// <summary>So many wrong passwords within the window lock the account's password; passkeys and sessions are not touched. 1 to 1000, default 10.</summary>
    [Range(1, 1_000)]
    public int WrongPasswordsMax { get; init; } = 10;

    /// <summary>Length of the window, seconds. 1 to 86,400, default 900.</summary>
    [Range(1, 86_400)]
    public int WindowSeconds { get; init; } = 900;

    /// <summary>How long the password stays locked, seconds. A restart does not end it. 1 to 86,400, default 300.</summary>
    [Range(1, 86_400)]
    public int LockSeconds { get; init; } = 300;

    internal LockOutRule Rule => new(WrongPasswordsMax, TimeSpan.FromSeconds(WindowSeconds), TimeSpan.FromSeconds(LockSeconds));
}
