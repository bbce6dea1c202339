namespace Monitoring.Domain.Intake;

/// <summary>Names of refusal reasons as counters, lists and metrics show them.</summary>
public static class RefusalReasonText
{
    private static readonly Dictionary<RefusalReason, string> Names = Enum.GetValues<RefusalReason>().ToDictionary(reason => reason, Kebab);

    /// <summary>The name in lower kebab case: <c>payload-format</c>.</summary>
    /// <param name="reason">The reason.</param>
    public static string ToName(this RefusalReason reason) => Names[reason];

    private static string Kebab(RefusalReason reason) =>
        string.Concat(reason.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
