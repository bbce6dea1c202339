namespace Monitoring.Privacy;

/// <summary>
/// The stored releases and charges as one transaction of the store sees them. The caller opens the transaction, calls
/// <see cref="ReleaseMechanism.Release(IReleaseBook, ReleaseDay, SealedCell)"/> for one or more cells, commits, and only then tells anybody.
/// </summary>
/// <remarks>
/// What is lost before the commit was seen by nobody, so it is no draw: the cell is released again. Transactions that release come one
/// after the other, from the first look to the commit; two side by side might both find the budget unspent.
/// </remarks>
public interface IReleaseBook
{
    /// <summary>The release with a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Null if there is none.</returns>
    Released? Find(CellKey key);

    /// <summary>Whether numbers may be out of which the book knows nothing: the book was put back to an older state since. Then none is drawn, because it would be a second one.</summary>
    /// <param name="day">The day of a cell that is not in the book. It is about the whole day: what else was charged in it is not known either.</param>
    bool MayBeOut(CivilDay day);

    /// <summary>The charges that may stand in the way of another: those whose day has an instant in common with its day, and that are about its space or one of its streams.</summary>
    /// <param name="wanted">The charge that is wanted.</param>
    /// <returns>At least these; more do no harm.</returns>
    IReadOnlyCollection<Charge> ChargesBeside(Charge wanted);

    /// <summary>Adds a release, and the charge it needs, unless there is one with its key.</summary>
    /// <param name="released">The release.</param>
    /// <param name="charge">The charge; null if it stands in the book already or nothing was drawn.</param>
    /// <returns>What the book holds under the key: the release given, or the one that was there. The other is forgotten unseen.</returns>
    Released Add(Released released, Charge? charge);
}
