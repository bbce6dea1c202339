using Monitoring.Domain;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Monitoring.Contracts.Spaces;

/// <summary>Reads YAML text into the document form that Domain checks, with the line of each node.</summary>
public static class DocumentYaml
{
    /// <summary>Largest document read, in characters.</summary>
    public const int CharsMax = 4 * 1024 * 1024;

    /// <summary>Deepest nesting read.</summary>
    public const int DepthMax = 32;

    /// <summary>Reads a document.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The document; null where the text is not one YAML document without anchors and aliases.</returns>
    public static DocumentNode? Read(string yaml, DocumentProblems problems)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(problems);
        if (yaml.Length > CharsMax)
        {
            problems.Add(1, $"the file has over {CharsMax} characters", "split the site");
            return null;
        }

        try
        {
            CheckBeforeLoading(yaml);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 1)
                return Convert(stream.Documents[0].RootNode);
            problems.Add(1, $"the file holds {stream.Documents.Count} documents", "write exactly one");
        }
        catch (YamlException broken)
        {
            problems.Add((int)Math.Max(1, broken.Start.Line), $"not YAML that can be read: {FirstLine(broken.Message)}", "check the indentation and quotes of this line");
        }

        return null;
    }

    // An alias would let a small file grow without bound when it is walked; loading deep nesting overflows the stack, which nothing can catch.
    private static void CheckBeforeLoading(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (MoveNext(parser))
        {
            var at = parser.Current!;
            depth += at.NestingIncrease;
            if (depth > DepthMax + 2 || at is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
                throw new YamlException(at.Start, at.End, $"anchors, aliases and nesting over {DepthMax} are not read");
        }
    }

    private static bool MoveNext(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (InvalidOperationException)
        {
            // The parser's answer to "a: [1" with more lines after it.
            var last = parser.Current is { } at ? at.End : Mark.Empty;
            throw new YamlException(last, last, "a list or mapping is not closed");
        }
    }

    private static DocumentNode Convert(YamlNode node)
    {
        var line = (int)node.Start.Line;
        return node switch
        {
            YamlScalarNode scalar => new DocumentScalar(scalar.Value ?? "", line),
            YamlSequenceNode sequence => new DocumentSequence([.. sequence.Children.Select(child => Convert(child))], line),
            YamlMappingNode mapping => new DocumentMapping([.. mapping.Children.Select(child => new DocumentEntry((child.Key as YamlScalarNode)?.Value ?? "", Convert(child.Value), (int)child.Key.Start.Line))], line),
            _ => throw new YamlException(node.Start, node.End, "an unknown kind of node"),
        };
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r', '.');
}
