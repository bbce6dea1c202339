using Microsoft.Extensions.Logging;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>Brings the sealed cells of one space to the ledger: charge, draw and insert there, then the true numbers go here.</summary>
/// <remarks>
/// Runs on the beat of the space's timer, never while somebody waits for an answer, and not within its turn: the disk must not hold the live picture up.
/// Only what is saved as sealed is handed over, so that after a crash nothing is added to a cell whose number is drawn. Each step may be repeated.
/// </remarks>
internal sealed class SpaceReleases(string space, SpaceState state, ReleaseQueue ledger, Action changed, ILogger logger)
{
    private Task _releasing = Task.CompletedTask;

    /// <summary>Whether the ledger could not be written when it was tried last.</summary>
    public bool IsAway { get; private set; }

    /// <summary>Number of the newest sealed cell that is saved.</summary>
    public long SavedTo { get; set; } = state.Releases.LastSealed;

    /// <summary>Begins to release what is sealed and saved, unless that is under way.</summary>
    /// <param name="cells">The cells and terms of the space.</param>
    public void ReleaseSoon(SpaceCells cells)
    {
        if (_releasing.IsCompleted)
            _releasing = ReleaseAsync(cells);
    }

    /// <summary>Releases what is sealed and saved, before the clock of a replay goes on.</summary>
    /// <param name="cells">The cells and terms of the space.</param>
    public async Task ReleaseNowAsync(SpaceCells cells)
    {
        await _releasing;
        await (_releasing = ReleaseAsync(cells));
    }

    /// <summary>Ends with the space's grain: what is under way is done first, and then nobody waits for the ledger here. A space that the site still has comes back and tries again; one that it no longer has does not, and nobody could mend what is said of it.</summary>
    public async Task EndAsync()
    {
        await _releasing;
        ledger.Leave(space);
    }

    private async Task ReleaseAsync(SpaceCells cells)
    {
        var saved = state.Releases.Sealed.Where(cell => cell.Number <= SavedTo).ToList();
        if (saved.Count == 0)
            return;
        try
        {
            await ledger.ReleaseAsync(space, [.. saved.Select(cell => (
                cells.TermsOf(cell.Day) ?? throw new InvalidOperationException($"{cell.Day:O} has no terms."),
                new SealedCell(cell.Series, new Cell(cell.From, cell.To), cell.Count, new CellCoverage(cell.Alive, cell.Total, cell.Unconfirmed))))]);
            state.Releases.Sealed.RemoveAll(cell => cell.Number <= saved[^1].Number);
            changed();

            if (IsAway)
                logger.ReleasesAgain(space);
            IsAway = false;
        }
#pragma warning disable CA1031 // Whatever keeps the ledger from being written: say so once, try again with the next beat. Nothing was released that is not stored.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!IsAway)
                logger.CannotRelease(fault, space);
            IsAway = true;
        }
    }
}
