using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Silo.Privacy;

namespace Monitoring.Silo.History;

/// <summary>What the hub itself tells the audit log of releases.</summary>
/// <param name="audit">The log.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="state">Keeps up to where it was told what was refused.</param>
/// <param name="wall">The wall clock.</param>
/// <param name="logger">Log.</param>
internal sealed class ReleaseAudit(Func<IAuditGrain> audit, ReleaseStore ledger, HistoryState state, TimeProvider wall, ILogger logger)
{
    private bool _away;

    /// <summary>Tells which months are going to be forgotten. What a lower <see cref="ReleaseOptions.RetentionDays"/> takes cannot be had back: it is told before, or stays.</summary>
    /// <param name="due">The months.</param>
    /// <param name="days">How many days are kept at least.</param>
    /// <returns>Whether it was told.</returns>
    public async Task<bool> TellDueAsync(IReadOnlyList<DueMonth> due, int days)
    {
        try
        {
            await AppendAsync(due.Select(month => month.ToFact(days, wall.GetUtcNow())));
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the audit log from being told: nothing goes, and the next look tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            logger.NotForgotten(fault);
            return false;
        }
    }

    /// <summary>Tells what was refused a number, once for each space, day, kind and reason.</summary>
    /// <param name="last">The last place of the ledger that copies may read.</param>
    /// <returns>Whether the state has changed.</returns>
    public async Task<bool> TellRefusedAsync(long last)
    {
        if (last == state.RefusalsTold)
            return false;
        try
        {
            await AppendAsync(ledger.Refusals(state.RefusalsTold, last).Select(refusal => refusal.ToFact(wall.GetUtcNow())));
            (state.RefusalsTold, _away) = (last, false);
            return true;
        }
#pragma warning disable CA1031 // Whatever keeps the audit log from being told: the ledger has it, and the next look tries again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!_away)
                logger.RefusalsUntold(fault);
            _away = true;
            return false;
        }
    }

    private async Task AppendAsync(IEnumerable<AuditFact> facts)
    {
        foreach (var some in facts.Chunk(AuditLimits.FactsMax))
            await audit().AppendAsync(some);
    }
}
