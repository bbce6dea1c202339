using Monitoring.Harness;
using Monitoring.Host.Tests.History;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Who sees everything that two hubs say, but for the noisy numbers themselves, cannot tell where the crowd was.</summary>
public sealed class TwinHubsTests : IClassFixture<TwinHubs>
{
    private readonly TwinHubs _twins;

    public TwinHubsTests(TwinHubs twins)
    {
        _twins = twins;
        TestContext.Current.TestOutputHelper?.WriteLine(RunSeed.DrawnText);
    }

    [Fact]
    public void A08_No_number_is_drawn_in_answer_to_anybody_nor_on_a_thread_that_answers()
    {
        foreach (var twin in (Twin[])[_twins.Quiet, _twins.Crowded])
        {
            // Each row of two days and more of three series, while everything was asked for again and again; the clock itself was moved by a request that waited for them.
            Assert.InRange(twin.Draws.Seen.Count, 2 * 96 * 3, int.MaxValue);
            Assert.InRange(twin.Answers.AskedMeanwhile, 100, int.MaxValue);
            Assert.All(twin.Draws.Seen, draw => Assert.Equal(("releases", false, null), draw));
        }
    }

    [Fact]
    public void That_rule_sees_a_number_that_is_drawn_in_answer_to_somebody()
    {
        using var folder = new TemporaryFolder();
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(folder.Path));
        var probe = new DrawProbe(ledger);
        DrawProbe.Request.Value = "/api/history/square";
        ledger.Fill(Ledgers.On(new DateOnly(2026, 6, 2)), take: 2);
        Assert.All(probe.Seen, draw => Assert.Equal("/api/history/square", draw.Request));
        Assert.Equal(2, probe.Seen.Count);
    }

    [Theory]
    [InlineData("second day")]
    [InlineData("second day, withdrawn")]
    public void A08_Status_headers_and_length_of_an_answer_do_not_tell_what_was_counted(string when)
    {
        var (quiet, crowded) = (Of(_twins.Quiet.Answers.Kept, when), Of(_twins.Crowded.Answers.Kept, when));
        Assert.NotEmpty(quiet);
        Assert.Equal(quiet.Keys, crowded.Keys);
        Assert.All(quiet, answer => Assert.Equal(answer.Value, crowded[answer.Key]));
        var points = Of(_twins.Quiet.Answers.Points, when);
        Assert.All(points, surface => Assert.Equal(surface.Value, Of(_twins.Crowded.Answers.Points, when)[surface.Key]));

        // There were cells of each kind.
        var cells = points["API, CSV"].Where(told => told is { Series: "gate-1-in", Grid: "cell" }).GroupBy(told => told.Said).ToDictionary(said => said.Key, said => said.Count());
        Assert.Equal(when == "second day" ? [("#", 4), ("no-data", 9), ("suppressed", 83)] : [("no-data", 9), ("withdrawn", 87)], cells.OrderBy(said => said.Key, StringComparer.Ordinal).Select(said => (said.Key, said.Value)));
    }

    [Fact]
    public void A13_With_nobody_and_with_a_crowd_the_same_cells_are_released_at_the_same_ticks_for_the_same_charge()
    {
        var (quiet, crowded) = (_twins.Quiet.Files, _twins.Crowded.Files);
        Assert.Equal(quiet.Releases, crowded.Releases);
        Assert.Equal(quiet.Charges, crowded.Charges);

        // Two days of three series, with hours in which nobody vouched.
        Assert.InRange(quiet.Releases.Count, 2 * 96 * 3, int.MaxValue);
        Assert.Contains(quiet.Releases, row => row.Contains("no-data", StringComparison.Ordinal));
        Assert.InRange(quiet.Charges.Count, 4, int.MaxValue);
        Assert.InRange(quiet.Values.Take(200).Max(), 0, SealedSquare.NoiseMax);
        Assert.InRange(crowded.Values.Take(200).Max(), 1_000, long.MaxValue);
    }

    [Fact]
    public void A13_With_nobody_and_with_a_crowd_the_ledger_has_as_many_pages_and_the_copy_as_many_rows()
    {
        var (quiet, crowded) = (_twins.Quiet.Files, _twins.Crowded.Files);
        Assert.Equal(quiet.PagesWithoutValues, crowded.PagesWithoutValues);

        // As it lies there a larger number takes up to seven bytes more than a small one.
        Assert.InRange(crowded.Pages - quiet.Pages, 0, 1 + (7 * quiet.Releases.Count / TwinFiles.PageBytes));
        Assert.Equal(quiet.CopiedRows, crowded.CopiedRows);
        Assert.All(quiet.CopiedRows, table => Assert.NotEqual(0, table.Rows));
    }

    [Fact]
    public void A13_With_nobody_and_with_a_crowd_answers_and_files_have_the_same_points_at_the_same_hours()
    {
        var hours = _twins.Quiet.Answers.Kept.Keys.Where(answer => answer.StartsWith("hour ", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, hours.Count);
        Assert.All(hours, hour => Assert.Equal(Sized(_twins.Quiet.Answers.Kept[hour]), Sized(_twins.Crowded.Answers.Kept[hour])));
        var (quiet, crowded) = (Of(_twins.Quiet.Answers.Kept, "first day"), Of(_twins.Crowded.Answers.Kept, "first day"));
        Assert.Equal(quiet.Keys, crowded.Keys);
        Assert.All(quiet.Where(answer => answer.Key.Contains("grid=", StringComparison.Ordinal) && !answer.Key.Contains("history?", StringComparison.Ordinal)), answer => Assert.Equal(Sized(answer.Value), Sized(crowded[answer.Key])));
        var crowds = Of(_twins.Crowded.Answers.Points, "first day");
        Assert.All(Of(_twins.Quiet.Answers.Points, "first day"), surface => Assert.Equal(Sized(surface), Sized(KeyValuePair.Create(surface.Key, crowds[surface.Key]))));
    }

    // Whether a number is shown follows from the noisy number, and is one of its digits here.
    private static string Sized(string answer) => answer.Replace("\"value\":null,\"reason\":\"suppressed\"", "\"value\":#,\"reason\":null", StringComparison.Ordinal).Replace(",,suppressed,", ",#,,", StringComparison.Ordinal);

    // The page tells of the error beside a number that is shown.
    private static IEnumerable<Told> Sized(KeyValuePair<string, IReadOnlyList<Told>> surface) =>
        surface.Value.Select(told => told with { Said = told.Said == "suppressed" ? "#" : told.Said, Err95 = surface.Key == "page" ? null : told.Err95 });

    private static Dictionary<string, T> Of<T>(SortedDictionary<string, T> kept, string when) =>
        kept.Where(one => one.Key.StartsWith($"{when}: ", StringComparison.Ordinal)).ToDictionary(one => one.Key[(when.Length + 2)..], one => one.Value);
}
