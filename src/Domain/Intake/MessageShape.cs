using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Monitoring.Domain.Intake;

/// <summary>What a message looks like, without a single value of it: paths and JSON types.</summary>
/// <param name="Form">What it is as a whole.</param>
/// <param name="Fields">Its paths in the order of the message, at most <see cref="FieldsMax"/>; none where it is not JSON.</param>
/// <param name="IsCut">Whether there is more to it than the fields say.</param>
public sealed record MessageShape(MessageForm Form, IReadOnlyList<ShapeField> Fields, bool IsCut)
{
    /// <summary>Largest message that is looked into, bytes.</summary>
    public const int BytesMax = 65_536;

    /// <summary>Most paths told.</summary>
    public const int FieldsMax = 48;

    /// <summary>Longest path told, in characters; a longer one is cut.</summary>
    public const int PathCharsMax = 120;

    /// <summary>Deepest path told, in names and lists.</summary>
    public const int DepthMax = 8;

    /// <summary>Longest name within a path, in characters.</summary>
    public const int NameCharsMax = 40;

    /// <summary>Most fields of one type in an object that is told by its names; one with more is a table, and its names may be values.</summary>
    public const int AlikeMax = 16;

    /// <summary>Most values looked at: a long list of the same costs no more than this.</summary>
    public const int ValuesMax = 2_000;

    /// <summary>Looks at a message.</summary>
    /// <param name="payload">The body. Nothing of it is kept but names of fields.</param>
    public static MessageShape Of(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
            return new(MessageForm.Empty, [], false);
        if (payload.Length > BytesMax)
            return new(MessageForm.TooLarge, [], true);
        if (!Utf8.IsValid(payload.Span))
            return new(MessageForm.Bytes, [], false);
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 32 });
            return new ShapeWalk().Walk(document.RootElement);
        }
        catch (JsonException)
        {
            return new(MessageForm.Text, [], false);
        }
    }
}

/// <summary>One path of a message and what stands there.</summary>
/// <param name="Path">Names joined by dots, <c>[]</c> for the items of a list: <c>readings[].count.in</c>. <c>*</c> for a name that could be a value: with a digit (but for a single one between <c>_</c>), with other than letters and <c>_ - . / $</c>, or in a table. Empty for the message itself.</param>
/// <param name="Type">JSON types found there: text, number, true or false, null, object, list; several are joined by commas.</param>
public sealed record ShapeField(string Path, string Type);

/// <summary>What a message is as a whole.</summary>
[JsonConverter(typeof(KebabCaseConverter<MessageForm>))]
public enum MessageForm
{
    /// <summary>It has no body.</summary>
    Empty,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>Text that is not JSON.</summary>
    Text,

    /// <summary>Bytes that are no text.</summary>
    Bytes,

    /// <summary>Over <see cref="MessageShape.BytesMax"/>, and not looked into.</summary>
    TooLarge,
}
