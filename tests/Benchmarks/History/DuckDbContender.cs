using Monitoring.Domain.History;
using Monitoring.History;

namespace Monitoring.Benchmarks.History;

/// <summary>The hub's own adapter with its default limits; only the question over all spaces is not one of the port.</summary>
internal sealed class DuckDbContender(string folder) : HistoryContender
{
    private const string AllSpaces = """
        SELECT space, series, hour_of_week, epsilon_micro, sensitivity, sum(noisy) FILTER (WHERE cells_released = cells)::BIGINT, count(*) FILTER (WHERE cells_released < cells)
        FROM points WHERE grid = 'PT1H' GROUP BY ALL
        """;

    private readonly DuckDbHistory _history = new(folder, new HistoryOptions { QuerySeconds = 3_600 }, TimeProvider.System);
    private readonly DuckDbEngine _engine = new(DuckDbHistory.FileIn(folder), new HistoryOptions { QuerySeconds = 3_600 }, TimeProvider.System);

    public override Task AppendAsync(IReadOnlyList<HistoryPoint> points, long cursor, CancellationToken cancellation) => _history.AppendAsync(points, cursor, cancellation);

    public override Task SettleAsync(CancellationToken cancellation) => _engine.GiveBackAsync(cancellation);

    public override Task<int> ProfileOfAllAsync(CancellationToken cancellation) => _engine.AskAsync(connection =>
    {
        using var command = Sql.Command(connection, AllSpaces);
        return Sql.Rows(command, row => row.GetString(0)).Count;
    }, cancellation);

    public override async Task<int> ProfileAsync(HistoryRange range, CancellationToken cancellation) => (await _history.WeekAsync(range, cancellation)).Count;

    public override async Task<int> ReadAsync(HistoryRange range, CancellationToken cancellation) => (await _history.ReadAsync(range, cancellation)).Count;

    public override ValueTask DisposeAsync()
    {
        _engine.Dispose();
        _history.Dispose();
        return ValueTask.CompletedTask;
    }
}
