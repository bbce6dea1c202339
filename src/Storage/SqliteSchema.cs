namespace Monitoring.Storage;

/// <summary>The form of a store's tables, and how each older form becomes the next.</summary>
/// <param name="Create">SQL that creates the tables of the newest form in an empty file.</param>
/// <param name="Migrations">SQL that makes form 2 of form 1, then form 3 of form 2, and so on; nothing where there has been one form only.</param>
public sealed record SqliteSchema(string Create, params IReadOnlyList<string> Migrations)
{
    /// <summary>Number of the newest form, from 1; the file carries it as <c>user_version</c>.</summary>
    public int Version => Migrations.Count + 1;
}
