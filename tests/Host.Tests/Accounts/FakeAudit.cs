using Monitoring.Contracts.Accounts;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>An audit log in memory that can be away.</summary>
internal sealed class FakeAudit : IAuditGrain
{
    public bool Away { get; set; }

    public List<AuditFact> Facts { get; } = [];

    public Task AppendAsync(IReadOnlyList<AuditFact> facts)
    {
        if (Away)
            throw new AuditAwayException("Away.");
        Facts.AddRange(facts);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int max) => throw new NotSupportedException();
}
