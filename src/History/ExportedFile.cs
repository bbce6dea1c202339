using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>A file that was made for one reader, and is gone when that one has it.</summary>
internal sealed class ExportedFile : FileStream
{
    private const int BufferBytes = 64 * 1024;

    private Action? _gone;

    private ExportedFile(string path, Action gone)
        : base(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = BufferBytes }) => _gone = gone;

    /// <summary>Makes it.</summary>
    /// <param name="connection">A connection of the question's own.</param>
    /// <param name="export">Which points, and how.</param>
    /// <param name="path">Where, in the folder of exports.</param>
    /// <param name="gone">Called once when it is disposed of.</param>
    /// <returns>The file; null where it would have more points than asked for.</returns>
    public static HistoryFile? Make(DuckDBConnection connection, HistoryExport export, string path, Action gone)
    {
        // What was counted is what is written, whatever is appended meanwhile.
        using var transaction = connection.BeginTransaction();
        var (where, parameters) = Which(export);
        var points = Convert.ToInt64(Sql.Scalar(connection, $"SELECT count(*) FROM (SELECT 1 FROM points WHERE {where} LIMIT $max)", [.. parameters, ("max", (long)export.Max + 1)]), CultureInfo.InvariantCulture);
        if (points > export.Max)
            return null;
        if (export.Format == HistoryFormat.Parquet)
            Sql.Execute(connection, $"COPY (SELECT {ParquetColumns(export.WithNoise)} FROM points WHERE {where} ORDER BY series, from_utc) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet, COMPRESSION zstd)", parameters);
        else
            WriteCsv(connection, $"SELECT {PointRows.Columns} FROM points WHERE {where} ORDER BY series, from_utc", parameters, export.WithNoise, path);
        return new(new ExportedFile(path, gone), points);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Interlocked.Exchange(ref _gone, null)?.Invoke();
    }

    private static (string Where, (string, object?)[] Parameters) Which(HistoryExport export)
    {
        (string, object?)[] parameters = [("space", export.Space), ("grid", export.Grid.ToName()), ("from", export.From.ToUniversalTime()), ("to", export.To.ToUniversalTime())];
        return export.Series is null ? (PointQuestions.InRange, parameters) : ($"series = $series AND {PointQuestions.InRange}", [.. parameters, ("series", export.Series)]);
    }

    // Names of the port's columns for those of the table.
    private static string ParquetColumns(bool withNoise) => string.Join(", ", (withNoise ? HistoryColumns.Published.Concat(HistoryColumns.Noise) : HistoryColumns.Published).Select(column => column.Name switch
    {
        "from" => "from_utc AS \"from\"",
        "to" => "to_utc AS \"to\"",
        "localDay" => "local_day AS \"localDay\"",
        "cellsReleased" => "cells_released AS \"cellsReleased\"",
        "epsilonMicro" => "epsilon_micro AS \"epsilonMicro\"",
        var same => same,
    }));

    private static void WriteCsv(DuckDBConnection connection, string sql, (string, object?)[] parameters, bool withNoise, string path)
    {
        using var writer = new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = BufferBytes }) { NewLine = HistoryCsv.LineEnd };
        writer.WriteLine(HistoryCsv.Header(withNoise));
        using var command = Sql.Command(connection, sql, parameters);
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            writer.WriteLine(HistoryCsv.Line(PointRows.Read(reader), withNoise));
    }
}
