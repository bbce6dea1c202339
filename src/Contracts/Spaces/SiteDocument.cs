namespace Monitoring.Contracts.Spaces;

/// <summary>A site as its author wrote it: the YAML text and the profiles beside it. It is stored and travels in this form.</summary>
/// <param name="FileName">File name for messages.</param>
/// <param name="Yaml">Text of site.yaml.</param>
/// <param name="Profiles">Text of each further profile by file name; the native profile comes with the hub.</param>
[Immutable, GenerateSerializer, Alias("site-document")]
public sealed record SiteDocument(
    [property: Id(0)] string FileName,
    [property: Id(1)] string Yaml,
    [property: Id(2)] IReadOnlyDictionary<string, string> Profiles)
{
    /// <summary>Whether another document says the same, letter by letter; the file name does not count.</summary>
    /// <param name="other">The other document.</param>
    public bool SaysTheSameAs(SiteDocument other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Yaml == other.Yaml
            && Profiles.Count == other.Profiles.Count
            && Profiles.All(profile => other.Profiles.TryGetValue(profile.Key, out var text) && text == profile.Value);
    }
}

/// <summary>A site document with the number under which the hub stores it.</summary>
/// <param name="Version">From 1; grows by one with each import.</param>
/// <param name="Document">The document.</param>
[Immutable, GenerateSerializer, Alias("versioned-site")]
public sealed record VersionedSite([property: Id(0)] int Version, [property: Id(1)] SiteDocument Document);
