namespace Monitoring.Privacy;

/// <summary>What a group spent on one day: a line of the ledger, written with the group's first number of the day and never taken back.</summary>
/// <param name="Space">The space.</param>
/// <param name="Day">The day in the space's zone.</param>
/// <param name="From">UTC start of the day, included.</param>
/// <param name="To">UTC end of the day, excluded.</param>
/// <param name="Kind">The group.</param>
/// <param name="Epsilon">What it spent.</param>
/// <param name="Budget">What the space could spend that day when it was charged.</param>
/// <param name="Promise">The group in one line. The rest of the day keeps to it: with another plan, map or epsilon one passage could be told twice.</param>
/// <param name="Streams">The streams it covers.</param>
public sealed record Charge(
    string Space, DateOnly Day, DateTimeOffset From, DateTimeOffset To, ReleaseKind Kind, Epsilon Epsilon, Epsilon Budget, string Promise, IReadOnlyCollection<StreamId> Streams)
{
    /// <summary>Whether both days have an instant in common; days of spaces in different zones do so under different dates.</summary>
    internal bool Overlaps(Charge other) => From < other.To && other.From < To;

    /// <summary>Whether both are about the same group of the same space.</summary>
    internal bool SameGroup(Charge other) => Space == other.Space && Kind == other.Kind;

    /// <summary>Whether both say the same.</summary>
    internal bool SameAs(Charge other) => SameGroup(other) && Day == other.Day && From == other.From && To == other.To && Promise == other.Promise;
}
