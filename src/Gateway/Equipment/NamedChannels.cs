namespace Monitoring.Gateway.Equipment;

/// <summary>Signed-in connections of each user name.</summary>
internal sealed class NamedChannels(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<EquipmentChannel>> _open = new(StringComparer.Ordinal);

    /// <summary>Enters a connection that has signed in.</summary>
    /// <returns>The connection that has to go: of the others of its name the one silent for longest, where there are too many; else null.</returns>
    public EquipmentChannel? Enter(EquipmentChannel channel)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(channel.Name, out var same))
                _open[channel.Name] = same = [];
            var most = same.Count >= max ? same.MaxBy(other => other.Silence) : null;
            if (most is not null)
                same.Remove(most);
            same.Add(channel);
            return most;
        }
    }

    /// <summary>A connection has ended, signed in or not.</summary>
    public void Leave(EquipmentChannel channel)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(channel.Name, out var same) && same.Remove(channel) && same.Count == 0)
                _open.Remove(channel.Name);
        }
    }
}
