using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Monitoring.Domain;

namespace Monitoring.Contracts.Spaces;

/// <summary>Enters a device into the text of a site document. Everything else stays as its author wrote it, comments and line ends included.</summary>
public static partial class SiteText
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds a device to a space, and a topic to a connection.</summary>
    /// <param name="yaml">Text of a site document without problems.</param>
    /// <param name="space">Id of a space of it.</param>
    /// <param name="device">The device.</param>
    /// <param name="connection">Name of a connection of it.</param>
    /// <param name="topic">Topic that the connection is to have; it is added only where it is not there yet.</param>
    /// <returns>The new text; null where the place cannot be found, or reading the new text would not give the old site with exactly this more.</returns>
    public static string? WithDevice(string yaml, string space, NewDevice device, string connection, string topic)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (Tree(yaml) is not DocumentMapping before || PlacedYaml.Read(yaml) is not { } root)
            return null;
        var place = Named(root["spaces"], "id", space);
        var link = Named(root["connections"], "name", connection);
        if (place is null || link?["topics"] is not { } topics)
            return null;
        var line = LineOf(device);
        var adds = new List<(int At, string Text)?> { Append(yaml, place, "devices", line) };
        var isNew = topics.Items.TrueForAll(known => known.Value != topic);
        if (isNew)
            adds.Add(Append(yaml, link, "topics", Scalar(topic)));
        if (adds.Contains(null))
            return null;
        var after = yaml;
        foreach (var (at, text) in adds.OfType<(int At, string Text)>().OrderByDescending(add => add.At))
            after = after.Insert(at, text);
        var wanted = With(before, "spaces", "id", space, "devices", Tree(line)!);
        if (isNew)
            wanted = With(wanted, "connections", "name", connection, "topics", Tree(Scalar(topic))!);
        return Tree(after) is { } read && Same(read, wanted) ? after : null;
    }

    /// <summary>A device as one line of YAML, in braces.</summary>
    private static string LineOf(NewDevice device)
    {
        var fields = new List<string> { $"id: {Scalar(device.Id)}" };
        Add("name", device.Name == device.Id ? null : device.Name);
        fields.Add($"kind: {Scalar(device.Kind)}");
        Add("profile", device.Profile);
        Add("address", device.Address);
        Add("purpose", device.Purpose);
        fields.Add(FormattableString.Invariant($"intervalSeconds: {device.IntervalSeconds}"));
        if (device.Parameters.Count > 0)
            fields.Add($"parameters: {{ {string.Join(", ", device.Parameters.Select(parameter => $"{Scalar(parameter.Key)}: {(parameter.Value.Count == 1 ? Scalar(parameter.Value[0]) : $"[{string.Join(", ", parameter.Value.Select(Scalar))}]")}"))} }}");
        fields.Add($"channels: [{string.Join(", ", device.Channels.Select(LineOf))}]");
        return $"{{ {string.Join(", ", fields)} }}";

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                fields.Add($"{name}: {Scalar(value)}");
        }
    }

    private static string LineOf(NewChannel channel) =>
        $"{{ name: {Scalar(channel.Name)}{(channel.Line is { Length: > 0 } line ? $", line: {Scalar(line)}" : "")}{(channel.Zone is { Length: > 0 } zone ? $", zone: {Scalar(zone)}" : "")} }}";

    private static (int At, string Text)? Append(string yaml, PlacedYaml owner, string name, string item)
    {
        if (owner[name] is not { } list)
            return owner.IsFlow
                ? (owner.Entries[^1].Value.End, $", {name}: [{item}]")
                : Lines(yaml, owner.End, owner.Column, $"{name}:", $"  - {item}");
        if (list.Value is not null)
            return null;
        if (list.IsFlow)
            return list.Items.Count > 0 ? (list.Items[^1].End, $", {item}") : (list.Start + 1, item);
        return Lines(yaml, list.End, list.Column, $"- {item}");
    }

    // Behind the line on which the last part ends, so that a comment there stays with it.
    private static (int At, string Text) Lines(string yaml, int end, int column, params string[] lines)
    {
        var lineEnd = yaml.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var indented = lines.Select(line => new string(' ', column) + line);
        var at = end > 0 && yaml[end - 1] == '\n' ? end : yaml.IndexOf('\n', end) + 1;
        return at > 0 ? (at, string.Concat(indented.Select(line => line + lineEnd))) : (yaml.Length, string.Concat(indented.Select(line => lineEnd + line)));
    }

    private static PlacedYaml? Named(PlacedYaml? list, string key, string name) => list?.Items.Find(item => item[key]?.Value?.Trim() == name);

    private static DocumentMapping With(DocumentMapping site, string list, string key, string name, string inner, DocumentNode item) =>
        Changed(site, list, all => new DocumentSequence([.. ((DocumentSequence)all!).Items.Select(one => one is DocumentMapping owner && owner.Entries.Any(entry => entry.Name == key && (entry.Value as DocumentScalar)?.Text.Trim() == name)
            ? Changed(owner, inner, items => new DocumentSequence([.. (items as DocumentSequence)?.Items ?? [], item], 1))
            : one)], 1));

    private static DocumentMapping Changed(DocumentMapping mapping, string name, Func<DocumentNode?, DocumentNode> change)
    {
        var old = mapping.Entries.FirstOrDefault(entry => entry.Name == name);
        var changed = new DocumentEntry(name, change(old?.Value), 1);
        return new DocumentMapping(old is null ? [.. mapping.Entries, changed] : [.. mapping.Entries.Select(entry => entry.Name == name ? changed : entry)], 1);
    }

    // Lines move; all else must be the same.
    private static bool Same(DocumentNode one, DocumentNode other) => (one, other) switch
    {
        (DocumentScalar a, DocumentScalar b) => a.Text == b.Text,
        (DocumentSequence a, DocumentSequence b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second)),
        (DocumentMapping a, DocumentMapping b) => a.Entries.Count == b.Entries.Count && a.Entries.Zip(b.Entries).All(pair => pair.First.Name == pair.Second.Name && Same(pair.First.Value, pair.Second.Value)),
        _ => false,
    };

    private static DocumentNode? Tree(string yaml) => DocumentYaml.Read(yaml, new DocumentProblems("site.yaml"));

    private static string Scalar(string text) => Plain().IsMatch(text) ? text : JsonSerializer.Serialize(text, Quoted);

    // What reads the same with and without quotes, and looks like what people write.
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]*(?:[-_./ ]?[A-Za-z0-9]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
