using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Monitoring.Harness;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

// The scripts and containers are for Linux.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Monitoring.Deployment.Tests;

/// <summary>The files under <c>deploy/</c>, read as those who use them read them.</summary>
internal static partial class DeployFiles
{
    /// <summary>Full path of a file under <c>deploy/</c>.</summary>
    public static string At(params string[] parts) => Path.Combine([Repository.Root, "deploy", .. parts]);

    /// <summary>A YAML file as JSON: anchors and merges resolved, plain words of the core schema as booleans, numbers and null.</summary>
    public static JsonNode Yaml(string file)
    {
        using var text = new StringReader(File.ReadAllText(At(file)));
        var stream = new YamlStream();
        stream.Load(text);
        return Json(Assert.Single(stream.Documents).RootNode)!;
    }

    /// <summary>What Compose makes of <c>${NAME:-default}</c> and <c>${NAME:?message}</c> while no variable is set; a needed one is written as its name.</summary>
    public static string Interpolated(string text) => Variable().Replace(text, match => match.Groups["how"].Value switch
    {
        ":-" => match.Groups["text"].Value,
        ":?" => match.Groups["name"].Value,
        _ => throw new InvalidOperationException($"{match.Value} has neither a default nor a message."),
    });

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => Merged(map),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new InvalidOperationException($"{node} is no YAML node that this reads."),
    };

    // What "<<" brings in comes first; what stands beside it wins.
    private static JsonObject Merged(YamlMappingNode map)
    {
        var merged = new JsonObject();
        foreach (var (key, value) in map.Children.OrderBy(entry => ((YamlScalarNode)entry.Key).Value == "<<" ? 0 : 1))
        {
            if (((YamlScalarNode)key).Value is not "<<" and { } name)
            {
                merged[name] = Json(value);
                continue;
            }

            foreach (var (brought, what) in Merged((YamlMappingNode)value))
                merged[brought] = what?.DeepClone();
        }

        return merged;
    }

    private static JsonValue? Plain(string word) => word switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(word),
    };

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(?<how>:-|:\?|)(?<text>[^}]*)\}")]
    private static partial Regex Variable();
}
