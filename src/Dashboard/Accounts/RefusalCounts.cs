using System.Globalization;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Refusals of one minute, counted by principal and by what was refused. Bounded: whoever knocks often fills no disk.</summary>
internal sealed class RefusalCounts(DateTimeOffset minute)
{
    /// <summary>Most principals told apart in a minute; further ones are counted together.</summary>
    public const int PrincipalsMax = 256;

    /// <summary>Most subjects told apart for one principal; further ones are counted together.</summary>
    public const int SubjectsMax = 32;

    /// <summary>Stands for all beyond a limit.</summary>
    public const string Others = "(others)";

    private readonly Dictionary<(string Kind, string Who), Dictionary<string, long>> _counts = [];

    /// <summary>The minute that is counted.</summary>
    public DateTimeOffset Minute { get; } = minute;

    /// <summary>Counts one refusal.</summary>
    public void Add(string kind, string who, string subject)
    {
        if (!_counts.ContainsKey((kind, who)) && _counts.Count >= PrincipalsMax)
            who = Others;
        if (!_counts.TryGetValue((kind, who), out var subjects))
            _counts[(kind, who)] = subjects = new(StringComparer.Ordinal);
        if (!subjects.ContainsKey(subject) && subjects.Count >= SubjectsMax)
            subject = Others;
        subjects[subject] = subjects.GetValueOrDefault(subject) + 1;
    }

    /// <summary>One fact per principal: the subject refused most, and all counts in the detail.</summary>
    /// <param name="process">Tells this process from another that counts in the same minute.</param>
    public IReadOnlyList<AuditFact> Facts(string process) =>
        [.. _counts.Select((entry, index) => FactOf(entry.Key.Kind, entry.Key.Who, [.. entry.Value.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)], $"{process}/{index}"))];

    private AuditFact FactOf(string kind, string who, IReadOnlyList<KeyValuePair<string, long>> counts, string id)
    {
        var minute = Minute.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{counts.Sum(count => count.Value)} in this minute: {string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"))}");
        return new($"{kind}/{minute}/{id}", Minute, kind, who, AuditTrail.Fit(counts[0].Key), detail);
    }
}
