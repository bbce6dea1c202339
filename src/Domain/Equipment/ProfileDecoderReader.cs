using System.Globalization;

namespace Monitoring.Domain.Equipment;

/// <summary>Reads the <c>decode</c> part of a profile.</summary>
internal sealed class ProfileDecoderReader(ProfileExpressions expressions, DocumentProblems problems)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ProfileDecoder? Read(DocumentFields profile, IReadOnlySet<string> known)
    {
        if (profile.Optional("decode") is not { } node)
            return null;
        var fields = new DocumentFields(node, "decode", problems);
        var from = expressions.Slot(fields, "from", ValueForm.Bytes, true, known);
        var (tlv, row) = (fields.Optional("tlv"), fields.Optional("fields"));
        fields.RefuseUnknown();
        if (tlv is null == row is null)
            problems.Add(node.Line, "decode has neither tlv nor fields, or both", "give it one of them");
        var tags = tlv is null ? null : ReadTags(tlv);
        return from is null ? null : new ProfileDecoder(from, tags, row is null ? [] : ReadRow(row));
    }

    private Dictionary<int, ByteField[]> ReadTags(DocumentNode node)
    {
        var tags = new Dictionary<int, ByteField[]>();
        foreach (var entry in (node as DocumentMapping)?.Entries ?? [])
        {
            if (entry.Name.Length != 4 || !int.TryParse(entry.Name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag))
                problems.Add(entry.Line, $"a tag is '{entry.Name}'", "write the channel byte and the type byte as four hex digits");
            else if (!tags.TryAdd(tag, ReadRow(entry.Value)))
                problems.Add(entry.Line, $"tag '{entry.Name}' stands twice", "keep one of them");
        }

        if (tags.Count == 0)
            problems.Add(node.Line, "tlv names no tag", "write 'hhhh: { name: u16le }' lines");
        return tags;
    }

    private ByteField[] ReadRow(DocumentNode node)
    {
        var row = new List<ByteField>();
        foreach (var entry in (node as DocumentMapping)?.Entries ?? [])
        {
            if (ByteField.Read(entry.Name, (entry.Value as DocumentScalar)?.Text ?? "") is not { } field)
                problems.Add(entry.Line, $"field '{entry.Name}' has no type of bytes", "use u8, i8, u16le, i16be, u32le and so on, or skip3 for three bytes that are passed over");
            else if (!_names.Add(field.Name))
                problems.Add(entry.Line, $"field '{entry.Name}' stands twice", "give each its own name");
            else
                row.Add(field);
        }

        if (row.Count == 0)
            problems.Add(node.Line, "no field of bytes is named", "write 'name: u16le' pairs");
        return [.. row];
    }
}
