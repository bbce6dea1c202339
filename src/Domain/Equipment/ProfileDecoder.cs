using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Monitoring.Domain.Equipment;

/// <summary>Bytes inside a message (LoRaWAN): where they are, and what their fields are called. Fields without a name do not pass.</summary>
/// <param name="From">Where the bytes are.</param>
/// <param name="Tags">Fields by tag (channel byte, type byte); null where the bytes are one fixed row of fields.</param>
/// <param name="Row">Fields of a fixed row; empty where there are tags.</param>
internal sealed record ProfileDecoder(ProfileSlot From, IReadOnlyDictionary<int, ByteField[]>? Tags, ByteField[] Row)
{
    /// <summary>Decodes until the end, or until something that the profile does not name: nobody can say how long that is.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="stoppedAt">The tag (or 0) at which it stopped; null where it read everything.</param>
    /// <returns>The fields as a JSON object, so that paths work on them.</returns>
    public JsonDocument Decode(ReadOnlySpan<byte> bytes, out int? stoppedAt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        stoppedAt = Tags is null ? ReadRow(bytes, json) : ReadTags(bytes, json);
        json.WriteEndObject();
        json.Flush();
        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private int? ReadRow(ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        if (bytes.Length != Row.Sum(field => field.Bytes))
            return 0;
        Write(Row, bytes, json);
        return null;
    }

    private int? ReadTags(ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        var seen = new HashSet<int>();
        while (bytes.Length > 0)
        {
            var tag = bytes.Length > 1 ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : 0;
            if (!Tags!.TryGetValue(tag, out var fields) || (!seen.Add(tag) && !Array.TrueForAll(fields, field => field.IsSkipped)) || bytes.Length - 2 < fields.Sum(field => field.Bytes))
                return tag;
            Write(fields, bytes[2..], json);
            bytes = bytes[(2 + fields.Sum(field => field.Bytes))..];
        }

        return null;
    }

    private static void Write(ByteField[] fields, ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        foreach (var field in fields)
        {
            if (!field.IsSkipped)
                json.WriteNumber(field.Name, field.Read(bytes));
            bytes = bytes[field.Bytes..];
        }
    }
}

/// <summary>One field of bytes: <c>u16le</c>, <c>i8</c>, <c>u32be</c>, or <c>skip3</c> for bytes that are passed over.</summary>
internal sealed record ByteField(string Name, int Bytes, bool IsSigned, bool IsLittleEndian, bool IsSkipped)
{
    private static readonly Dictionary<string, int> Widths = new() { ["8"] = 1, ["16"] = 2, ["32"] = 4 };

    /// <summary>Reads a field, or gives null where it is none.</summary>
    public static ByteField? Read(string name, string text)
    {
        if (!ProfileNames.IsName(name))
            return null;
        if (text.StartsWith("skip", StringComparison.Ordinal))
            return int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var skipped) && skipped is > 0 and <= 64 ? new ByteField(name, skipped, false, false, true) : null;
        var ending = text.Length > 2 ? text[^2..] : "";
        var isLittle = ending == "le";
        var number = isLittle || ending == "be" ? text[1..^2] : text.Length > 1 ? text[1..] : "";
        if (text.Length == 0 || text[0] is not ('u' or 'i') || !Widths.TryGetValue(number, out var width) || width > 1 != (isLittle || ending == "be"))
            return null;
        return new ByteField(name, width, text[0] == 'i', isLittle, false);
    }

    public long Read(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        for (var i = 0; i < Bytes; i++)
            value = value << 8 | bytes[IsLittleEndian ? Bytes - 1 - i : i];
        var sign = 1L << 8 * Bytes - 1;
        return IsSigned && (value & sign) != 0 ? value - 2 * sign : value;
    }
}
