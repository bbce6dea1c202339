using System.Text.Json;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>The head of the ledger that came furthest, as InfluxDB answers it.</summary>
internal static class InfluxHead
{
    /// <summary>Asks for it. InfluxQL, which 1.x and 2.x both speak. Not the last by time: a clock that was put back would hide it behind older ones.</summary>
    public const string Question = $"SELECT MAX(\"seq\"), \"number\", \"hash\" FROM \"{InfluxSchema.Ledger}\"";

    // No ledger comes so far; the next place after it must still be a number.
    private const long SeqMax = 1L << 62;

    /// <summary>Reads the answer.</summary>
    /// <returns>Null where none was kept yet.</returns>
    /// <exception cref="HistoryAwayException">It is no such answer.</exception>
    public static LedgerMark? Read(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            var result = json.RootElement.GetProperty("results")[0];
            if (result.TryGetProperty("error", out _))
                throw new HistoryAwayException("InfluxDB could not say how far the ledger had come");
            if (!result.TryGetProperty("series", out var series))
                return null;
            var row = series[0].GetProperty("values")[0];
            var head = new LedgerMark(row[1].GetInt64(), row[2].GetInt64(), row[3].GetString() ?? "");
            return head is { Seq: >= 0 and <= SeqMax, Number: >= 0 } ? head : throw new FormatException("That is no head of a ledger.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new HistoryAwayException("InfluxDB says something else where it should say how far the ledger had come: look what wrote the measurement 'ledger' there", unreadable) { NeedsPerson = true };
        }
    }
}
