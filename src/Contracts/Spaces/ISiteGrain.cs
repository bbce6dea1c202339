namespace Monitoring.Contracts.Spaces;

/// <summary>Keeps the site document and its version. Key: 0.</summary>
[GrainInterfaceType("site"), Alias("site")]
public interface ISiteGrain : IGrainWithIntegerKey
{
    /// <summary>The stored site; null before the first import.</summary>
    [Alias("get")]
    Task<VersionedSite?> GetAsync();

    /// <summary>The stored version; 0 before the first import.</summary>
    [Alias("version")]
    Task<int> GetVersionAsync();

    /// <summary>Stores a checked document as the next version and tells the spaces. The same document again changes nothing.</summary>
    /// <param name="document">The document.</param>
    /// <returns>The version under which it is stored.</returns>
    /// <exception cref="ArgumentException">The document has problems.</exception>
    [Alias("import")]
    Task<int> ImportAsync(SiteDocument document);
}
