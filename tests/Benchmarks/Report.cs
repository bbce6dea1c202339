using System.Globalization;

namespace Monitoring.Benchmarks;

/// <summary>One Markdown section: what was measured, the machine, a table.</summary>
internal sealed class Report(string title, params string[] columns)
{
    private readonly double _loadBefore = Machine.Load();
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes it to standard output.</summary>
    public void Write(string notes = "")
    {
        var lines = new List<string>
        {
            $"### {title}",
            "",
            string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}; {Machine.Describe()}; load average {_loadBefore:0.0} before, {Machine.Load():0.0} after."),
            "",
            Row(columns),
            Row([.. columns.Select(_ => "---")]),
        };
        lines.AddRange(_rows.Select(Row));
        if (notes.Length > 0)
            lines.AddRange(["", notes]);
        Console.WriteLine(string.Join(Environment.NewLine, lines));
    }

    /// <summary>Says how far it is.</summary>
    public static void Progress(FormattableString text) => Console.Error.WriteLine(FormattableString.Invariant(text));

    /// <summary>The median with the range.</summary>
    public static string Spread(IEnumerable<double> values, string format)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? "–" : FormattableString.Invariant($"{Text(Quantile(sorted, 0.5))} ({Text(sorted[0])}–{Text(sorted[^1])})");

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The value that a share of all does not exceed.</summary>
    /// <param name="sorted">Values, ascending, at least one.</param>
    /// <param name="share">0 to 1.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";
}
