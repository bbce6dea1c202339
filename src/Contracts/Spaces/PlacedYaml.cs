using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Monitoring.Contracts.Spaces;

/// <summary>A node of a YAML text with its place in it, so that text can be added without touching the rest.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="Column">Column of its first character, from 0.</param>
/// <param name="Value">Text of a single value; null for a list or mapping.</param>
/// <param name="IsFlow">Whether it is written in brackets or braces.</param>
internal sealed record PlacedYaml(int Start, int Column, string? Value, bool IsFlow)
{
    /// <summary>Index after its last character that is not blank, comment or line end.</summary>
    public int End { get; private set; }

    /// <summary>Items of a list.</summary>
    public List<PlacedYaml> Items { get; } = [];

    /// <summary>Entries of a mapping.</summary>
    public List<(string Name, PlacedYaml Value)> Entries { get; } = [];

    /// <summary>The value of a name; null where it is not there.</summary>
    public PlacedYaml? this[string name] => Entries.Find(entry => entry.Name == name).Value;

    /// <summary>Reads a text that was read and checked before.</summary>
    public static PlacedYaml Read(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        while (parser.Current is not DocumentStart)
            parser.MoveNext();
        parser.MoveNext();
        return ReadNode(parser);
    }

    private static PlacedYaml ReadNode(Parser parser)
    {
        var at = parser.Current!;
        var isFlow = at is SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow };
        var node = new PlacedYaml((int)at.Start.Index, (int)at.Start.Column - 1, (at as Scalar)?.Value, isFlow) { End = (int)at.End.Index };
        parser.MoveNext();
        if (at is SequenceStart)
            node.ReadItems(parser);
        else if (at is MappingStart)
            node.ReadEntries(parser);
        return node;
    }

    private void ReadItems(Parser parser)
    {
        while (parser.Current is not SequenceEnd)
            Items.Add(ReadNode(parser));
        Close(parser, Items.Count > 0 ? Items[^1] : null);
    }

    private void ReadEntries(Parser parser)
    {
        while (parser.Current is not MappingEnd)
            Entries.Add((ReadNode(parser).Value ?? "", ReadNode(parser)));
        Close(parser, Entries.Count > 0 ? Entries[^1].Value : null);
    }

    // A bracket is where the parser says, and one wide. Of what has none it sees the end only with the next thing, behind comments: its last part says where it ends.
    private void Close(Parser parser, PlacedYaml? last)
    {
        End = IsFlow || last is null ? (int)parser.Current!.Start.Index + 1 : last.End;
        parser.MoveNext();
    }
}
