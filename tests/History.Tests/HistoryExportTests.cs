using System.Text;
using DuckDB.NET.Data;

namespace Monitoring.History.Tests;

public sealed class HistoryExportTests : IDisposable
{
    private readonly TemporaryHistory _history = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _history.Dispose();

    [Fact]
    public async Task CSV_has_what_is_published_by_series_and_start()
    {
        await WriteAsync();
        Assert.Equal(
            "space,series,kind,grid,from,to,localDay,value,reason,err95,alive,total,unconfirmed,cells,cellsReleased,terms\r\n"
            + "square,in,flow,cell,2026-03-02T00:00:00Z,2026-03-02T00:15:00Z,2026-03-02,40,,31,3,4,true,1,1,7\r\n"
            + "square,in,flow,cell,2026-03-02T00:15:00Z,2026-03-02T00:30:00Z,2026-03-02,,suppressed,31,3,4,true,1,0,7\r\n"
            + "square,out,flow,cell,2026-03-02T00:00:00Z,2026-03-02T00:15:00Z,2026-03-02,12,,31,3,4,true,1,1,7\r\n",
            Encoding.UTF8.GetString(await BytesAsync(Sample.Export(HistoryFormat.Csv), points: 3)));
    }

    [Fact]
    public async Task Noise_is_in_a_file_only_where_it_is_asked_for()
    {
        await WriteAsync();
        foreach (var withNoise in (bool[])[false, true])
        {
            var csv = Encoding.UTF8.GetString(await BytesAsync(Sample.Export(HistoryFormat.Csv, withNoise, series: "in"), points: 2));
            Assert.Equal(withNoise, csv.Contains("noisy,epsilonMicro,sensitivity\r\n", StringComparison.Ordinal));
            Assert.Equal(withNoise, csv.Contains(",7,-3,100000,2\r\n", StringComparison.Ordinal));
            Assert.DoesNotContain("-3", withNoise ? "" : csv.Replace("2026-03", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(withNoise, (await ParquetAsync(Sample.Export(HistoryFormat.Parquet, withNoise), "DESCRIBE FROM file")).Any(row => row.StartsWith("noisy|", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Parquet_has_the_columns_of_the_dictionary_and_the_rows_of_the_CSV()
    {
        await WriteAsync();
        var export = Sample.Export(HistoryFormat.Parquet, noise: true);
        var columns = HistoryColumns.Published.Concat(HistoryColumns.Noise).ToList();
        var described = await ParquetAsync(export, "DESCRIBE FROM file");
        Assert.Equal(columns.Select(column => $"{column.Name}|{Stored(column)}"), described.Select(row => string.Join('|', row.Split('|')[..2])));
        var rows = await ParquetAsync(export, "SELECT * REPLACE (strftime(\"from\", '%Y-%m-%dT%H:%M:%SZ') AS \"from\", strftime(\"to\", '%Y-%m-%dT%H:%M:%SZ') AS \"to\") FROM file");
        var csv = Encoding.UTF8.GetString(await BytesAsync(export with { Format = HistoryFormat.Csv }, points: 3)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(csv.Select(line => line.Replace(',', '|')), rows);

        static string Stored(HistoryColumn column) => column switch
        {
            { Type: "text" } => "VARCHAR",
            { Type: "instant" } => "TIMESTAMP WITH TIME ZONE",
            { Type: "date" } => "DATE",
            { Type: "boolean" } => "BOOLEAN",
            { Name: "value" or "err95" or "noisy" or "epsilonMicro" or "sensitivity" } => "BIGINT",
            _ => "INTEGER",
        };
    }

    [Theory]
    [InlineData(HistoryFormat.Csv)]
    [InlineData(HistoryFormat.Parquet)]
    public async Task A_file_with_more_points_than_asked_for_is_not_made(HistoryFormat format)
    {
        await WriteAsync();
        Assert.Null(await _history.Store.ExportAsync(Sample.Export(format, max: 2), Cancellation));
        Assert.Empty(Exports());
        Assert.NotEmpty(await BytesAsync(Sample.Export(format, max: 3), points: 3));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _history.Store.ExportAsync(Sample.Export(format, max: 0), Cancellation));
    }

    [Theory]
    [InlineData(HistoryFormat.Csv)]
    [InlineData(HistoryFormat.Parquet)]
    public async Task A_range_without_points_is_a_file_without_rows(HistoryFormat format) =>
        Assert.NotEmpty(await BytesAsync(Sample.Export(format, space: "nowhere"), points: 0));

    [Fact]
    public async Task A_file_is_gone_when_it_is_fetched_and_so_many_are_there_at_once()
    {
        await WriteAsync();
        var files = new List<HistoryFile>();
        for (var number = 0; number < _history.Options.ExportsMax; number++)
            files.Add((await _history.Store.ExportAsync(Sample.Export(HistoryFormat.Csv), Cancellation))!);
        Assert.Equal(_history.Options.ExportsMax, Exports().Length);
        var away = await Assert.ThrowsAsync<HistoryAwayException>(() => _history.Store.ExportAsync(Sample.Export(HistoryFormat.Csv), Cancellation));
        Assert.NotNull(away.RetryAfter);
        await files[0].Content.DisposeAsync();
        await files[0].Content.DisposeAsync();
        Assert.Equal(_history.Options.ExportsMax - 1, Exports().Length);
        files.Add((await _history.Store.ExportAsync(Sample.Export(HistoryFormat.Parquet), Cancellation))!);
        await Assert.ThrowsAsync<HistoryAwayException>(() => _history.Store.ExportAsync(Sample.Export(HistoryFormat.Csv), Cancellation));
        foreach (var file in files)
            await file.Content.DisposeAsync();
        Assert.Empty(Exports());
    }

    [Fact]
    public async Task What_a_kill_left_of_a_file_is_gone_with_the_next_start()
    {
        await WriteAsync();
        await File.WriteAllTextAsync(Path.Combine(_history.Folder, "silo", "history-exports", "1"), "left", Cancellation);
        _history.Reopen();
        await _history.Store.CursorAsync(Cancellation);
        Assert.Empty(Exports());
    }

    [Fact]
    public void Text_is_quoted_and_no_cell_is_a_formula()
    {
        Assert.StartsWith("\"a,b\",\"say \"\"hi\"\"\",", HistoryCsv.Line(Sample.Cell(0, "a,b", "say \"hi\""), false), StringComparison.Ordinal);
        foreach (var start in "=+-@\t")
            Assert.StartsWith($"'{start}1+1,", HistoryCsv.Line(Sample.Cell(0, $"{start}1+1"), false), StringComparison.Ordinal);
        Assert.StartsWith("\"'\r1\",\"a\nb\",", HistoryCsv.Line(Sample.Cell(0, "\r1", "a\nb"), false), StringComparison.Ordinal);
        foreach (var withNoise in (bool[])[false, true])
            Assert.Equal(HistoryCsv.Header(withNoise).Split(',').Length, HistoryCsv.Line(Sample.Cell(0), withNoise).Split(',').Length);
    }

    private Task WriteAsync() => _history.Store.AppendAsync(
        [Sample.Cell(0, series: "out", value: 12), Sample.Cell(1, value: null, reason: "suppressed") with { Noise = new(-3, 100_000, 2) }, Sample.Cell(0), Sample.Cell(0, space: "quay"), Sample.Of(HistoryGrid.Hour, Sample.Start, TimeSpan.FromHours(1))],
        1, Cancellation);

    private string[] Exports() => Directory.GetFiles(Path.Combine(_history.Folder, "silo", "history-exports"));

    private async Task<byte[]> BytesAsync(HistoryExport export, long points)
    {
        var file = await _history.Store.ExportAsync(export, Cancellation);
        Assert.NotNull(file);
        Assert.Equal(points, file.Points);
        await using var content = file.Content;
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    // By an engine that knows nothing of the history.
    private async Task<List<string>> ParquetAsync(HistoryExport export, string sql)
    {
        var path = Path.Combine(_history.Folder, "fetched.parquet");
        await File.WriteAllBytesAsync(path, await BytesAsync(export, points: 3), Cancellation);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(Cancellation);
        Sql.Execute(connection, $"SET TimeZone='UTC'; CREATE VIEW file AS FROM read_parquet('{path}')");
        using var command = Sql.Command(connection, sql);
        return Sql.Rows(command, row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(column => row.GetValue(column) switch
        {
            DBNull => "",
            bool value => value ? "true" : "false",
            DateOnly day => day.ToString("O", null),
            var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
        })));
    }
}
