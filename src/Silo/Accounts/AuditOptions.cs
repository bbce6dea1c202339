using System.ComponentModel.DataAnnotations;

namespace Monitoring.Silo.Accounts;

/// <summary>How long the audit log is kept. Section <c>Silo:Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>Closed months older than so many are removed, each as a whole; an entry says so. Who did what is personal data: keep it no longer than needed. 13 to 120, default 24.</summary>
    [Range(13, 120)]
    public int AuditMonths { get; init; } = 24;
}
