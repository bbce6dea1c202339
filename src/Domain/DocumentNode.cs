namespace Monitoring.Domain;

/// <summary>One node of a configuration document (site, profile, replay map) with the line it stands on.</summary>
/// <param name="Line">Line in the file, from 1.</param>
public abstract record DocumentNode(int Line);

/// <summary>A single value, as written.</summary>
/// <param name="Text">The text without quotes.</param>
/// <param name="Line">Line in the file, from 1.</param>
public sealed record DocumentScalar(string Text, int Line) : DocumentNode(Line);

/// <summary>A list.</summary>
/// <param name="Items">In file order.</param>
/// <param name="Line">Line in the file, from 1.</param>
public sealed record DocumentSequence(IReadOnlyList<DocumentNode> Items, int Line) : DocumentNode(Line);

/// <summary>A list of named values.</summary>
/// <param name="Entries">In file order; a name stands once.</param>
/// <param name="Line">Line in the file, from 1.</param>
public sealed record DocumentMapping(IReadOnlyList<DocumentEntry> Entries, int Line) : DocumentNode(Line);

/// <summary>One named value of a mapping.</summary>
/// <param name="Name">The name as written.</param>
/// <param name="Value">Its value.</param>
/// <param name="Line">Line of the name, from 1.</param>
public sealed record DocumentEntry(string Name, DocumentNode Value, int Line);

/// <summary>Something wrong in a document: where, what, and how to mend it.</summary>
/// <param name="File">File name as the user gave it.</param>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="What">The cause.</param>
/// <param name="Remedy">What to change.</param>
public sealed record DocumentProblem(string File, int Line, string What, string Remedy)
{
    /// <summary>One line: file, line, what, how to mend.</summary>
    public override string ToString() => $"{File}:{Line}: {What}; {Remedy}";
}
