using System.Text.Json;

namespace Monitoring.Domain.Equipment;

/// <summary>What an expression can see while one message is mapped: the message, the elements around, what was captured, the device's parameters.</summary>
internal sealed class ProfileScope(JsonElement root, IReadOnlyDictionary<string, string> segments, int elementsMax)
{
    private readonly List<JsonElement> _around = [root];
    private readonly Dictionary<string, string> _captured = new(segments, StringComparer.Ordinal);
    private int _walked;

    public JsonElement Root => root;

    /// <summary>The fields decoded from bytes; null where there are none.</summary>
    public JsonElement? Decoded { get; set; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whether more items were walked than the profile allows; everything found after that is incomplete.</summary>
    public bool Exhausted { get; private set; }

    public string? Captured(string name) => _captured.GetValueOrDefault(name);

    public void Capture(string name, string value) => _captured[name] = value;

    /// <summary>Counts one item that was looked at.</summary>
    public bool TryWalk()
    {
        if (++_walked > elementsMax)
            Exhausted = true;
        return !Exhausted;
    }

    public JsonElement? Around(int up) => up < _around.Count ? _around[^(up + 1)] : null;

    public void Enter(JsonElement element, Action visit)
    {
        _around.Add(element);
        visit();
        _around.RemoveAt(_around.Count - 1);
    }
}
