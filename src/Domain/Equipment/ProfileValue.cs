using System.Globalization;
using System.Text.Json;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>What a value is while it passes through the steps of an expression.</summary>
internal enum ValueForm
{
    /// <summary>The message does not have it.</summary>
    Missing,

    /// <summary>The message has it as JSON null: the device does not know.</summary>
    Null,

    Element,
    Text,
    Whole,
    Number,
    Instant,
    Bytes,

    /// <summary>It is there, but not what the step takes.</summary>
    Failed,
}

/// <summary>A value on its way from a message to a slot. Missing, null and failed stay three different things to the end.</summary>
internal readonly record struct ProfileValue(ValueForm Form)
{
    public static readonly ProfileValue Missing = new(ValueForm.Missing);
    public static readonly ProfileValue Null = new(ValueForm.Null);

    public JsonElement Element { get; private init; }

    public string? Text { get; private init; }

    public long Whole { get; private init; }

    public double Number { get; private init; }

    public DateTimeOffset Instant { get; private init; }

    public byte[]? Bytes { get; private init; }

    /// <summary>Why it failed; <see cref="Text"/> then ends the sentence that begins with the expression.</summary>
    public RefusalReason Reason { get; private init; }

    public bool IsThere => Form is not (ValueForm.Missing or ValueForm.Null);

    public static ProfileValue Of(JsonElement element) => element.ValueKind == JsonValueKind.Null ? Null : new(ValueForm.Element) { Element = element };

    public static ProfileValue Of(string text) => new(ValueForm.Text) { Text = text };

    public static ProfileValue Of(long whole) => new(ValueForm.Whole) { Whole = whole };

    public static ProfileValue Of(double number) => new(ValueForm.Number) { Number = number };

    public static ProfileValue Of(DateTimeOffset instant) => new(ValueForm.Instant) { Instant = instant };

    public static ProfileValue Of(byte[] bytes) => new(ValueForm.Bytes) { Bytes = bytes };

    public static ProfileValue Failed(RefusalReason reason, string text) => new(ValueForm.Failed) { Reason = reason, Text = text };

    /// <summary>A single value as text, for comparisons: a string as it is, a number as written, true or false. Null where it is none.</summary>
    public string? AsScalar() => Form switch
    {
        ValueForm.Element => ScalarOf(Element),
        ValueForm.Text => Text,
        ValueForm.Whole => Whole.ToString(CultureInfo.InvariantCulture),
        ValueForm.Number => Number.ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };

    public static string? ScalarOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => StringOf(element),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    public static string? StringOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair (\ud800): JSON's grammar allows it, but it is no text.
            return null;
        }
    }
}
