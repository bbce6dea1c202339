using System.Security.Cryptography;
using System.Text;

namespace Monitoring.Dashboard.Accounts;

/// <summary>The token by which commands on the same machine administer this process; new with each start, known to who can read <c>hub.json</c>.</summary>
internal sealed class LocalAdminToken
{
    /// <summary>What the principal's token claim says in place of a stored token's hash.</summary>
    public const string ClaimValue = "local";

    /// <summary>The token: 256 random bits in hex.</summary>
    public string Value { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>Whether a token is this one, in constant time.</summary>
    public bool Is(string token) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Value));
}
