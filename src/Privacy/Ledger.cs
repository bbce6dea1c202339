namespace Monitoring.Privacy;

/// <summary>Adds up what was spent, and says what may still be. Integers only; nothing is ever given back.</summary>
public sealed class Ledger
{
    private readonly List<Charge> _charges;

    /// <summary>A ledger of some charges.</summary>
    /// <param name="charges">All charges of all spaces that have an instant in common with the days asked about.</param>
    public Ledger(IEnumerable<Charge> charges) => _charges = [.. charges];

    /// <summary>What a space has spent on a day.</summary>
    /// <param name="space">The space.</param>
    /// <param name="day">The day in its zone.</param>
    /// <returns>Millionths of epsilon.</returns>
    public long SpentMicro(string space, DateOnly day) => _charges.Where(charge => charge.Space == space && charge.Day == day).Sum(charge => charge.Epsilon.Micro);

    /// <summary>Decides on a charge. The same charge a second time costs nothing: a group is charged once for all its numbers of a day.</summary>
    internal LedgerAnswer Ask(Charge wanted)
    {
        var known = false;
        var spent = wanted.Epsilon.Micro;
        var budget = wanted.Budget.Micro;
        foreach (var charge in _charges.Where(charge => charge.Overlaps(wanted)))
        {
            if (charge.SameAs(wanted))
                known = true;
            else if (charge.SameGroup(wanted))
                return LedgerAnswer.Refused(ReleaseReason.TermsChanged);
            else if (charge.Streams.Any(wanted.Streams.Contains))
                return LedgerAnswer.Refused(ReleaseReason.StreamElsewhere);
            else if (charge.Space == wanted.Space)
                (spent, budget) = (spent + charge.Epsilon.Micro, long.Min(budget, charge.Budget.Micro));
        }

        return known ? LedgerAnswer.Known : spent > budget ? LedgerAnswer.Refused(ReleaseReason.BudgetSpent) : LedgerAnswer.Admitted;
    }
}

/// <summary>What the ledger says to a charge.</summary>
/// <param name="Refusal">Why it is refused; null if it is not.</param>
/// <param name="IsNew">Whether it is to be written down; false if it stands there already.</param>
internal readonly record struct LedgerAnswer(string? Refusal, bool IsNew)
{
    public static readonly LedgerAnswer Known = new(null, false);
    public static readonly LedgerAnswer Admitted = new(null, true);

    public static LedgerAnswer Refused(string reason) => new(reason, false);
}
