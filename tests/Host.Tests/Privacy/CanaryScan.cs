using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Looks for canaries: in text wherever it is, so also in pages of a database that nobody reads any more, and as the numbers that stores write.</summary>
/// <remarks>
/// In text a canary is a whole number or decimal, not a part of a longer one, of a word or of a hash. As a number of three or four bytes any canary turns up by chance in a file
/// of some size; what writes one of a kind writes all of that kind, so it is told when at least half of a kind is there.
/// </remarks>
internal sealed class CanaryScan(Canaries canaries)
{
    private const int TextMax = 24;

    private readonly Dictionary<uint, string> _whole = canaries.Known.Keys.Where(text => uint.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is > ushort.MaxValue and < 1 << 24)
        .ToDictionary(text => uint.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>Canaries in text.</summary>
    public HashSet<string> InText(string text) => InText(Encoding.UTF8.GetBytes(text));

    /// <summary>Canaries in text, whatever is around it.</summary>
    public HashSet<string> InText(ReadOnlySpan<byte> bytes)
    {
        var found = new HashSet<string>();
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!IsDigit(bytes[i]))
                continue;
            var end = i + 1;
            while (end < bytes.Length && (IsDigit(bytes[end]) || (bytes[end] == '.' && end + 1 < bytes.Length && IsDigit(bytes[end + 1]))))
                end++;
            var stands = (i == 0 || !IsPartOfWord(bytes[i - 1])) && (end == bytes.Length || !IsPartOfWord(bytes[end]) || IsSuffix(bytes[end..]));
            if (stands && end - i <= TextMax && TextOf(bytes[i..end]) is var text && canaries.Known.ContainsKey(text))
                found.Add(text);
            i = end;
        }

        return found;
    }

    /// <summary>Canaries as whole numbers: four bytes, low byte first, and three, high byte first, as in a row of SQLite. Only of kinds of which half is there.</summary>
    public HashSet<string> InNumbers(ReadOnlySpan<byte> bytes)
    {
        var found = new HashSet<string>();
        for (var i = 0; i + 3 <= bytes.Length; i++)
        {
            if (_whole.TryGetValue(((uint)bytes[i] << 16) | ((uint)bytes[i + 1] << 8) | bytes[i + 2], out var high))
                found.Add(high);
            if (i + 4 <= bytes.Length && _whole.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]), out var low))
                found.Add(low);
        }

        var kinds = _whole.Values.GroupBy(text => canaries.Known[text]).Where(kind => kind.Count() > 3 && kind.Count(found.Contains) * 2 >= kind.Count()).Select(kind => kind.Key).ToHashSet();
        found.RemoveWhere(text => !kinds.Contains(canaries.Known[text]));
        return found;
    }

    /// <summary>Canaries in every file below a folder, by its path in it.</summary>
    public Dictionary<string, HashSet<string>> InFiles(string folder)
    {
        var found = new Dictionary<string, HashSet<string>>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            if (ReadOrNull(file) is not { } bytes)
                continue;
            var here = InText(bytes);
            here.UnionWith(InNumbers(bytes));
            found[Path.GetRelativePath(folder, file).Replace('\\', '/')] = here;
        }

        return found;
    }

    /// <summary>Canaries in the values of every table of a SQLite file, as its readers see them.</summary>
    public HashSet<string> InTables(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        var text = new StringBuilder();
        foreach (var table in Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table'").Select(row => (string)row[0]).ToList())
        {
            foreach (var row in Rows(connection, $"SELECT * FROM \"{table}\""))
                text.AppendJoin('|', row.Select(value => value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture))).AppendLine();
        }

        return InText(text.ToString());
    }

    private static IEnumerable<object[]> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables of the hub's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var values = new object[row.FieldCount];
            row.GetValues(values);
            yield return values;
        }
    }

    // A log is cut, or a file of an export goes, while it is looked at.
    private static byte[]? ReadOrNull(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            return all.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // 7919.0 is 7919.
    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    // InfluxDB's whole numbers: 7919i.
    private static bool IsSuffix(ReadOnlySpan<byte> rest) => rest[0] == 'i' && (rest.Length == 1 || !IsPartOfWord(rest[1]));

    private static bool IsDigit(byte letter) => letter is >= (byte)'0' and <= (byte)'9';

    private static bool IsPartOfWord(byte letter) => char.IsAsciiLetterOrDigit((char)letter);
}
