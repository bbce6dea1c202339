using Monitoring.Faults.Intake;

namespace Monitoring.Faults.Equipment;

/// <summary>Pairs of numbers by chance, none of which comes twice as long as there are others.</summary>
internal sealed class DistinctNumbers(Chance chance, int below)
{
    private readonly HashSet<int> _given = [];

    /// <summary>The next pair, each at least 1.</summary>
    public (int In, int Out) Next() => (NextOne(), NextOne());

    private int NextOne()
    {
        if (_given.Count > below / 2)
            _given.Clear();
        while (true)
        {
            var number = 1 + chance.Below(below - 1);
            if (_given.Add(number))
                return number;
        }
    }
}
