using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Orleans.Providers;
using Orleans.Storage;

namespace Monitoring.Silo.Accounts;

/// <summary>The one writer of the audit log. Months follow the wall clock, also in a replay.</summary>
internal sealed class AuditGrain(
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage,
    IOptions<AuditOptions> options,
    HubClock clock,
    ILogger<AuditGrain> log) : Grain, IAuditGrain
{
    private readonly AuditLog _log = new(new AuditRows(storage), options.Value.AuditMonths);

    public Task AppendAsync(IReadOnlyList<AuditFact> facts)
    {
        if (facts.Count > AuditLimits.FactsMax)
            throw new ArgumentException($"{facts.Count} facts in one call: {AuditLimits.FactsMax} at the most", nameof(facts));
        if (facts.FirstOrDefault(fact => !IsWellFormed(fact)) is { } wrong)
            throw new ArgumentException($"a fact of kind '{wrong.Kind}' lacks its id or has a field of more than {AuditLimits.FieldLengthMax} characters", nameof(facts));
        return facts.Count == 0 ? Task.CompletedTask : StoredAsync(async () =>
        {
            await _log.AppendAsync([.. facts.Select(Cut)], clock.Wall.GetUtcNow());
            return true;
        });
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int max) => StoredAsync(async () =>
        (IReadOnlyList<AuditEntry>)[.. (await _log.ReadAsync(before, Math.Clamp(max, 1, AuditLimits.ReadMax))).Select(EntryOf)]);

    private static AuditEntry EntryOf(AuditLine line) =>
        new(line.Number, new(line.Id, line.At, line.Kind, line.Who, line.Subject, line.Detail), line.Previous, line.Hash);

    private static bool IsWellFormed(AuditFact fact) =>
        fact.Id.Length > 0 && fact.Kind.Length > 0 && Math.Max(Math.Max(fact.Id.Length, fact.Kind.Length), Math.Max(fact.Who.Length, fact.Subject.Length)) <= AuditLimits.FieldLengthMax;

    private static AuditFact Cut(AuditFact fact)
    {
        if (fact.Detail is not { Length: > AuditLimits.DetailLengthMax } detail)
            return fact;
        var length = char.IsHighSurrogate(detail[AuditLimits.DetailLengthMax - 1]) ? AuditLimits.DetailLengthMax - 1 : AuditLimits.DetailLengthMax;
        return fact with { Detail = detail[..length] };
    }

    // What the store throws does not travel; callers only need to know that nothing may happen unaudited now.
    private async Task<T> StoredAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.AuditAway(fault);
            throw new AuditAwayException($"The audit log cannot be used now: {fault.Message}");
        }
    }
}
