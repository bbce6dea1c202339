namespace Monitoring.Privacy.Tests;

/// <summary>A book of releases in memory, as a store keeps it.</summary>
internal sealed class MemoryBook : IReleaseBook
{
    public Dictionary<CellKey, Released> Rows { get; init; } = [];

    public List<Charge> Charges { get; init; } = [];

    public Released? Find(CellKey key) => Rows.GetValueOrDefault(key);

    /// <summary>Before it a number may be out of which the book does not know.</summary>
    public DateTimeOffset RestoredAt { get; init; } = DateTimeOffset.MinValue;

    public bool MayBeOut(CivilDay day) => day.From < RestoredAt;

    public IReadOnlyCollection<Charge> ChargesBeside(Charge wanted) => Charges;

    public Released Add(Released released, Charge? charge)
    {
        if (!Rows.TryAdd(released.Key, released))
            return Rows[released.Key];
        if (charge is not null)
            Charges.Add(charge);
        return released;
    }
}
