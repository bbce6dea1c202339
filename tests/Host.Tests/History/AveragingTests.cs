using Monitoring.Contracts.History;
using Monitoring.Domain.History;
using Monitoring.Harness;
using Monitoring.History;
using Monitoring.Host.Tests.Privacy;
using Monitoring.Privacy;
using Monitoring.Silo.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.History;

/// <summary>A-01 within the process, as often as the catalogue says, and the mistake that A-01 is there for.</summary>
public sealed class AveragingTests
{
    private const int Questions = 10_000;

    // The history on disk takes two milliseconds for each.
    private static readonly int QuestionsOfHistory = RunSeed.IsLong ? Questions : 500;

    private static readonly DateOnly Date = new(2026, 11, 22);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A01_Ten_thousand_questions_for_the_same_cells_have_one_answer_and_draw_nothing()
    {
        using var folder = new TemporaryFolder();
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(folder.Path));
        using var store = new DuckDbHistory(folder.Path, new HistoryOptions(), TimeProvider.System);
        var day = Ledgers.On(Date, plan: ReleasePlan.P15);
        ledger.Fill(day);
        var rows = ledger.All();
        await store.AppendAsync(new PointAssembly(ledger, FactOf).Of(rows, day.Day.To.AddHours(1)), rows[^1].Seq, Cancellation);

        // The ledger, from which every surface comes, and the history as routes, pages and files ask it.
        for (var i = 0; i < Questions; i++)
            Assert.Equal(rows.Take(4), ledger.Between(Ledgers.Space, Ledgers.Series, day.Day.From, day.Day.From.AddHours(1), day.Day.To.AddHours(1)));
        var reader = new HistoryReader(store, FactOf);
        var question = new HistoryQuestion(Ledgers.Space, Ledgers.Series, "cell", day.Day.From, day.Day.To);
        var first = (await reader.ReadAsync(question, Cancellation)).Json!;
        Assert.Equal(96, System.Text.Json.JsonDocument.Parse(first).RootElement.GetProperty("points").GetArrayLength());
        for (var i = 1; i < QuestionsOfHistory; i++)
        {
            var again = await reader.ReadAsync(question, Cancellation);
            Assert.True(first.AsSpan().SequenceEqual(again.Json), $"Question {i + 1} has another answer.");
        }

        Assert.Equal(rows, ledger.All());
        // Who counts again what is released already gets the number that is there.
        Assert.Equal(rows.Select(row => row.Release), ledger.Fill(day));
        Assert.Equal(rows, ledger.All());
    }

    /// <summary>A history that draws for each question. Each surface that such a history can stand behind shows it within two fetches, also from behind the cache of public answers. The page and Parquet need a whole hub: they are asked with the others in A-01.</summary>
    [Fact]
    public async Task T18_M2_A_new_draw_for_each_question_is_seen_by_A01()
    {
        await using var hub = await HistoryOverHttp.StartAsync(SomePoints.Midnight.AddDays(1), Cancellation);
        var day = Ledgers.On(Date, FakeHistory.Space, ReleasePlan.P60.WithNightBlock());
        hub.History.BeforePoints = () =>
        {
            hub.History.Points.Clear();
            hub.History.Points.AddRange(Redrawn(day));
        };
        hub.History.BeforePoints();
        using var analyst = hub.Client("analyst");
        using var anyone = hub.Client(null);
        using var surfaces = new HttpSurfaces(analyst, anyone, FakeHistory.Space, ["gate-1-in"], day.Day.From, day.Day.To, Date);
        foreach (var surface in (string[])["API, JSON", "API, CSV", "open data, JSON", "open data, CSV", "NGSI-LD"])
        {
            var told = new Averaging();
            for (var fetch = 0; fetch < 2; fetch++)
                told.Note(surface, await surfaces.All[surface](fetch));
            Assert.NotEmpty(told.Faults());
        }
    }

    // The mechanism itself, on a book that remembers nothing.
    private static IEnumerable<HistoryPoint> Redrawn(ReleaseDay day)
    {
        var publication = new Publication();
        foreach (var cell in day.CellsOf(ReleaseKind.Flow))
        {
            var shown = publication.Of(ReleaseMechanism.Release(new NoBook(), day, new SealedCell(Ledgers.Series, cell, 400, new CellCoverage(1, 1))));
            foreach (var grid in (HistoryGrid[])[HistoryGrid.Cell, HistoryGrid.Hour])
                yield return SomePoints.Of(grid, cell.From, cell.To - cell.From, shown.Value, shown.Reason);
        }

        yield return SomePoints.Of(HistoryGrid.Day, day.Day.From, day.Day.To - day.Day.From, 7_000);
    }

    private static SpaceFact FactOf(string space, DateOnly day) => new(DateOnly.MinValue, Ledgers.Zone.Id, Sensitive: false);

    private sealed class NoBook : IReleaseBook
    {
        public Released? Find(CellKey key) => null;

        public bool MayBeOut(CivilDay day) => false;

        public IReadOnlyCollection<Charge> ChargesBeside(Charge wanted) => [];

        public Released Add(Released released, Charge? charge) => released;
    }
}
