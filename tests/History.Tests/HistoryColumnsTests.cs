namespace Monitoring.History.Tests;

public sealed class HistoryColumnsTests
{
    [Fact]
    public void The_reference_has_each_column_of_a_file_and_what_it_means()
    {
        var page = File.ReadAllText(Path.Combine(Root(), "docs", "reference", "history.md"));
        Assert.Contains(Table(HistoryColumns.Published), page, StringComparison.Ordinal);
        Assert.Contains(Table(HistoryColumns.Noise), page, StringComparison.Ordinal);
        Assert.Contains(Table(HistoryColumns.Week), page, StringComparison.Ordinal);
    }

    private static string Table(IEnumerable<HistoryColumn> columns) => string.Concat(columns.Select(column => $"| `{column.Name}` | {column.Type} | {column.Unit ?? "–"} | {column.Meaning} |\n"));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Monitoring.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Monitoring.sln is not above the tests.");
        return folder;
    }
}
