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

    /// <summary>Stores a document that a person changed as the next version and tells the spaces, unless another was stored meanwhile.</summary>
    /// <param name="expected">The version that was changed.</param>
    /// <param name="document">The document.</param>
    /// <param name="by">Name of the person, for the audit log.</param>
    /// <returns>The version under which it is stored; null where <paramref name="expected"/> is not the stored one, and nothing was done.</returns>
    /// <exception cref="ArgumentException">The document has problems.</exception>
    /// <exception cref="NotStoredException">It could not be stored and was not done.</exception>
    [Alias("replace")]
    Task<int?> ReplaceAsync(int expected, SiteDocument document, string by);
}
