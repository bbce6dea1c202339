using System.Security.Cryptography;

namespace Monitoring.Gateway.Accounts;

/// <summary>A connection's secret as the disk has it: salted and hashed.</summary>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Hash">32 bytes: of SHA-256 where the hub made the secret (256 random bits need no stretching), of PBKDF2 where a person gave it.</param>
/// <param name="Iterations">Iterations of PBKDF2-SHA256; 0 for SHA-256.</param>
internal sealed record StoredSecret(byte[] Salt, byte[] Hash, int Iterations)
{
    /// <summary>Iterations for a secret that a person gives (OWASP, 2023: 600,000 for PBKDF2-SHA256).</summary>
    public const int PersonIterations = 600_000;

    public static StoredSecret Of(ReadOnlySpan<byte> secret, bool fromPerson)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var iterations = fromPerson ? PersonIterations : 0;
        return new StoredSecret(salt, Compute(secret, salt, iterations), iterations);
    }

    public bool Fits(ReadOnlySpan<byte> secret) => CryptographicOperations.FixedTimeEquals(Compute(secret, Salt, Iterations), Hash);

    private static byte[] Compute(ReadOnlySpan<byte> secret, byte[] salt, int iterations) => iterations > 0
        ? Rfc2898DeriveBytes.Pbkdf2(secret, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes)
        : SHA256.HashData([.. salt, .. secret]);
}
