using System.Net;

namespace Monitoring.Gateway.Equipment;

/// <summary>Open connections of each address. It remembers no more addresses than there are connections.</summary>
internal sealed class AddressCount(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _open = [];

    /// <summary>Counts a new connection.</summary>
    /// <returns>False where the address has its share already.</returns>
    public bool TryEnter(IPAddress address)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(address);
            if (open >= max)
                return false;
            _open[address] = open + 1;
            return true;
        }
    }

    /// <summary>A counted connection has ended.</summary>
    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            if (--_open[address] == 0)
                _open.Remove(address);
        }
    }
}
