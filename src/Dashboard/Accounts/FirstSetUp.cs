using System.Security.Cryptography;
using System.Text;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>The way in to a hub that has no account yet: a secret, new with each start, printed once on the console and written nowhere.</summary>
/// <param name="grains">The grains.</param>
public sealed class FirstSetUp(IGrainFactory grains)
{
    private const int Groups = 6;
    private const int GroupLength = 4;

    private volatile bool _done;

    /// <summary>The secret: 24 letters and digits without look-alikes (over 110 random bits), in groups of four.</summary>
    public string Secret { get; } = string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", GroupLength)));

    /// <summary>Whether the hub has no account. Once it has one, this stays false: accounts are disabled, never removed.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> IsOpenAsync(CancellationToken cancellation)
    {
        if (!_done && await grains.GetGrain<IAccountsGrain>(0).AnyAsync().WaitAsync(cancellation))
            _done = true;
        return !_done;
    }

    /// <summary>Whether a secret is the one, in constant time. A wrong guess changes nothing: only its rate is limited.</summary>
    internal bool Is(string secret)
    {
        var read = new string([.. secret.Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(read), Encoding.UTF8.GetBytes(Secret.Replace("-", "", StringComparison.Ordinal)));
    }
}
