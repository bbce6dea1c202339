using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Monitoring.Domain;
using Monitoring.Gateway.Intake;

namespace Monitoring.Gateway.Accounts;

/// <summary>Slows down who tries secrets: by address, by user name, and by both together where they belong together.</summary>
/// <remarks>
/// Whoever shares an address with an attacker, or a name with his target, must not be locked out by him. So a name that has signed in from
/// an address is counted there by itself. Unknown names are counted as known ones are: the limit tells nobody which there are.
/// </remarks>
internal sealed class WrongSecrets(IOptions<ConnectionSignInOptions> options, HubClock clock)
{
    /// <summary>Addresses, and names, counted by themselves; further ones are counted together until one of those has waited long enough.</summary>
    public const int CountedMax = 4_096;

    /// <summary>Names with an address that are remembered as belonging together; at the limit all are forgotten and learnt anew.</summary>
    public const int FamiliarMax = 16_384;

    private readonly Lock _gate = new();
    private readonly Allowance _perAddress = Of(options.Value.WrongPerAddressMax, options.Value, clock);
    private readonly Allowance _perName = Of(options.Value.WrongPerNameMax, options.Value, clock);
    private readonly Buckets<IPAddress> _addresses = new();
    private readonly Buckets<string> _names = new();
    private readonly Dictionary<(string Name, IPAddress From), Familiar> _familiar = [];

    /// <summary>Whether a secret that a person chose may be looked at.</summary>
    public bool MayTry(string name, IPAddress from)
    {
        var now = clock.Wall.GetTimestamp();
        lock (_gate)
        {
            return _familiar.TryGetValue((name, from), out var familiar)
                ? _perName.IsLeft(ref familiar.FullAt, now)
                : _perAddress.IsLeft(ref _addresses.Of(from, now), now) && _perName.IsLeft(ref _names.Of(name, now), now);
        }
    }

    /// <summary>Counts a wrong secret.</summary>
    /// <returns>False where the limit is reached already: nothing more is counted, so that the wait does not grow.</returns>
    public bool TryCount(string name, IPAddress from)
    {
        var now = clock.Wall.GetTimestamp();
        lock (_gate)
        {
            if (_familiar.TryGetValue((name, from), out var familiar))
                return _perName.TryTake(ref familiar.FullAt, now);
            ref var ofAddress = ref _addresses.Of(from, now);
            ref var ofName = ref _names.Of(name, now);
            return _perAddress.IsLeft(ref ofAddress, now) && _perName.TryTake(ref ofName, now) && _perAddress.TryTake(ref ofAddress, now);
        }
    }

    /// <summary>Remembers that a name signs in from an address.</summary>
    public void Signed(string name, IPAddress from)
    {
        lock (_gate)
        {
            if (_familiar.ContainsKey((name, from)))
                return;
            if (_familiar.Count >= FamiliarMax)
                _familiar.Clear();
            _familiar[(name, from)] = new Familiar();
        }
    }

    private static Allowance Of(int max, ConnectionSignInOptions options, HubClock clock) => new((double)max / options.WindowSeconds, max, clock.Wall.TimestampFrequency);

    private sealed class Buckets<TKey>
        where TKey : notnull
    {
        private readonly Dictionary<TKey, long> _fullAt = [];
        private long _others;

        public ref long Of(TKey key, long now)
        {
            if (_fullAt.Count < CountedMax || _fullAt.ContainsKey(key))
                return ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, key, out _);
            foreach (var (old, fullAt) in _fullAt)
            {
                if (fullAt <= now)
                    _fullAt.Remove(old);
            }

            if (_fullAt.Count >= CountedMax)
                return ref _others;
            return ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, key, out _);
        }
    }

    private sealed class Familiar
    {
        public long FullAt;
    }
}
