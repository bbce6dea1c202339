using System.Collections.Concurrent;

namespace Monitoring.Gateway.Intake;

/// <summary>Devices that lately sent more than they may.</summary>
internal sealed class BabblingDevices(TimeProvider wall)
{
    /// <summary>How long a device counts as babbling after its last message too many: equipment that tries again and again must not ring again and again.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(1);

    /// <summary>Most devices remembered at once; further ones are refused alike, and told of once there is room.</summary>
    public const int DevicesMax = 50;

    private readonly ConcurrentDictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Notes a message too many.</summary>
    public void Note(string device)
    {
        if (_last.ContainsKey(device) || _last.Count < DevicesMax)
            _last[device] = wall.GetTimestamp();
    }

    /// <summary>Devices that babble now.</summary>
    public IEnumerable<string> Now()
    {
        foreach (var (device, last) in _last)
        {
            if (wall.GetElapsedTime(last) > Holds)
                _last.TryRemove(device, out _);
        }

        return _last.Keys;
    }
}
