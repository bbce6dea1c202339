using System.Security.Cryptography;
using System.Text;

namespace Monitoring.Contracts.Accounts;

/// <summary>A passkey (WebAuthn credential) of an account: its public half. It opens nothing by itself.</summary>
/// <param name="Id">Credential id, base64url.</param>
/// <param name="Name">Name to tell it by; 1 to 64 characters.</param>
/// <param name="PublicKey">Public key, COSE.</param>
/// <param name="CreatedAt">When it was added, UTC.</param>
/// <param name="SignCount">The authenticator's signature counter when it was last used; 0 where it keeps none.</param>
/// <param name="Transports">How the authenticator is reached: <c>usb</c>, <c>internal</c>, …</param>
/// <param name="BackupEligible">Whether the authenticator may copy it to others.</param>
/// <param name="BackedUp">Whether it said that it has.</param>
[Immutable, GenerateSerializer, Alias("passkey")]
public sealed record Passkey(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] byte[] PublicKey,
    [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] uint SignCount,
    [property: Id(5)] IReadOnlyList<string> Transports,
    [property: Id(6)] bool BackupEligible,
    [property: Id(7)] bool BackedUp)
{
    /// <summary>What an authenticator keeps instead of the user name, which may be a person's: the same for all passkeys of one account.</summary>
    /// <param name="user">User name.</param>
    public static string HandleOf(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"monitoring-hub account {user}")));
}
