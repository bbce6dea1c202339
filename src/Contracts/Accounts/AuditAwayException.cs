namespace Monitoring.Contracts.Accounts;

/// <summary>The audit log cannot be written or read now. What must not happen unaudited has not happened.</summary>
[GenerateSerializer, Alias("audit-away")]
public sealed class AuditAwayException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public AuditAwayException(string message)
        : base(message)
    {
    }
}
