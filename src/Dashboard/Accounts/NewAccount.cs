using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>A fresh account and the one time its password can be read.</summary>
/// <param name="Account">What the accounts grain stores.</param>
/// <param name="Password">The password; shown once, kept nowhere.</param>
public sealed record NewAccount(Account Account, string Password)
{
    // PBKDF2-HMAC-SHA512, 210 000 rounds: the figure of OWASP's password storage sheet for it.
    private static readonly PasswordHasher<Account> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    private static readonly Lazy<string> HashOfNobody = new(() => Hasher.HashPassword(null!, RandomNumberGenerator.GetHexString(32)));

    /// <summary>Makes an account with a random password of 120 bits.</summary>
    /// <param name="user">User name: 1 to 64 of a to z, 0 to 9, dot, dash.</param>
    /// <param name="role">What it may see and do.</param>
    public static NewAccount Create(string user, Role role) => Reset(new Account(user, role, "", "", Disabled: false));

    /// <summary>Gives an account a new random password; its sessions end.</summary>
    /// <param name="account">The account.</param>
    public static NewAccount Reset(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        // 24 letters and digits of an alphabet without look-alikes, so that it can be read out.
        var password = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 24);
        return new(account with { PasswordHash = Hasher.HashPassword(account, password), Stamp = NewStamp(), Disabled = false }, password);
    }

    /// <summary>The hash of a password, as it is kept.</summary>
    /// <param name="password">The password.</param>
    internal static string HashOf(string password) => Hasher.HashPassword(null!, password);

    /// <summary>A new stamp: sessions of the old one end.</summary>
    public static string NewStamp() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Whether a password is the account's. An unknown or disabled account costs as much time as a wrong password.</summary>
    internal static bool Verify(Account? account, string password)
    {
        var usable = account is { Disabled: false, PasswordHash.Length: > 0 };
        var result = Hasher.VerifyHashedPassword(account!, usable ? account!.PasswordHash : HashOfNobody.Value, password);
        return usable && result != PasswordVerificationResult.Failed;
    }
}

/// <summary>A fresh API token and the one time it can be read.</summary>
/// <param name="Stored">What the accounts grain stores.</param>
/// <param name="Token">The token: 64 hex digits, 256 random bits; shown once, kept nowhere.</param>
public sealed record NewToken(ApiToken Stored, string Token)
{
    /// <summary>Makes a token.</summary>
    /// <param name="name">Name to tell it by: as a user name.</param>
    public static NewToken Create(string name)
    {
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return new(new ApiToken(name, HashOf(token)), token);
    }

    /// <summary>What is stored of a token: its SHA-256, lower-case hex.</summary>
    /// <param name="token">The token.</param>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
