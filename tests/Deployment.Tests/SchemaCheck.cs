using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Monitoring.Deployment.Tests;

/// <summary>Checks a document against a JSON schema of draft 7, as far as the Compose schema uses it. A word of the schema that it does not know stops it: it never passes what it has not looked at.</summary>
internal sealed class SchemaCheck(JsonObject schema)
{
    // Words that say nothing about whether a document is right; formats are prose to a validator unless asked.
    private static readonly HashSet<string> Prose = ["$schema", "$id", "id", "title", "description", "default", "deprecated", "definitions", "format"];

    /// <summary>Every way in which a document breaks the schema, with its path.</summary>
    public IReadOnlyList<string> Problems(JsonNode? document) => [.. Problems(schema, document, "")];

    private IEnumerable<string> Problems(JsonNode? rule, JsonNode? value, string path)
    {
        if (rule is JsonValue always)
            return always.GetValue<bool>() ? [] : [$"{path}: nothing may stand here"];
        return rule!.AsObject().Where(word => !Prose.Contains(word.Key)).SelectMany(word => Of(word.Key, word.Value!, rule.AsObject(), value, path));
    }

    private IEnumerable<string> Of(string word, JsonNode says, JsonObject rule, JsonNode? value, string path) => word switch
    {
        "$ref" => Problems(Referred(says.GetValue<string>()), value, path),
        "type" => Types(says).Any(type => IsOf(type, value)) ? [] : [$"{path}: is not of the type {says.ToJsonString()}"],
        "enum" => says.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : [$"{path}: {value?.ToJsonString()} is none of {says.ToJsonString()}"],
        "pattern" => value is not JsonValue || !IsOf("string", value) || Regex.IsMatch(value.GetValue<string>(), says.GetValue<string>()) ? [] : [$"{path}: does not look like {says}"],
        "minimum" => !IsOf("number", value) || Number(value) >= Number(says) ? [] : [$"{path}: is below {says}"],
        "maximum" => !IsOf("number", value) || Number(value) <= Number(says) ? [] : [$"{path}: is over {says}"],
        "required" => value is JsonObject map ? says.AsArray().Select(name => name!.GetValue<string>()).Where(name => !map.ContainsKey(name)).Select(name => $"{path}: lacks {name}") : [],
        "properties" => Members(value).Where(member => says.AsObject().ContainsKey(member.Key)).SelectMany(member => Problems(says[member.Key], member.Value, $"{path}/{member.Key}")),
        "patternProperties" => Members(value).SelectMany(member => says.AsObject().Where(known => Regex.IsMatch(member.Key, known.Key)).SelectMany(known => Problems(known.Value, member.Value, $"{path}/{member.Key}"))),
        "additionalProperties" => Members(value).Where(member => IsAdditional(rule, member.Key)).SelectMany(member => Problems(says, member.Value, $"{path}/{member.Key}")),
        "items" => value is JsonArray list ? list.SelectMany((item, index) => Problems(says, item, $"{path}/{index}")) : [],
        "uniqueItems" => value is JsonArray list && list.Select(item => item?.ToJsonString()).Distinct().Count() != list.Count ? [$"{path}: has an item twice"] : [],
        "oneOf" => Fitting(says, value, path) == 1 ? [] : [$"{path}: fits {Fitting(says, value, path)} of the forms instead of one: {value?.ToJsonString()}"],
        "anyOf" => Fitting(says, value, path) > 0 ? [] : [$"{path}: fits none of the forms"],
        _ => throw new NotSupportedException($"The schema says '{word}', which this check does not know."),
    };

    private int Fitting(JsonNode forms, JsonNode? value, string path) => forms.AsArray().Count(form => !Problems(form, value, path).Any());

    private JsonNode Referred(string reference)
    {
        JsonNode at = schema;
        foreach (var step in reference.TrimStart('#', '/').Split('/'))
            at = at[step] ?? throw new InvalidOperationException($"{reference} is not in the schema.");
        return at;
    }

    private static bool IsAdditional(JsonObject rule, string name) =>
        !(rule["properties"]?.AsObject().ContainsKey(name) ?? false) && !(rule["patternProperties"]?.AsObject().Any(known => Regex.IsMatch(name, known.Key)) ?? false);

    private static JsonObject Members(JsonNode? value) => value as JsonObject ?? [];

    private static IEnumerable<string> Types(JsonNode says) => says is JsonArray several ? several.Select(type => type!.GetValue<string>()) : [says.GetValue<string>()];

    private static double Number(JsonNode? value) => value!.GetValue<long>();

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.TryGetValue<string>(out _),
        "boolean" => value is JsonValue flag && flag.TryGetValue<bool>(out _),
        "integer" or "number" => value is JsonValue number && number.TryGetValue<long>(out _),
        _ => throw new NotSupportedException($"The schema says type '{type}', which this check does not know."),
    };
}
