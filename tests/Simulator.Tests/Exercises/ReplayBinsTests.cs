using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Exercises;

public sealed class ReplayBinsTests
{
    private const string Map = "columns: { time: t, sensor: s, in: i, out: o }\nintervalSeconds: 300\ntimeZone: Europe/Zurich\nsensors: [{ id: a }, { id: b, device: d, channel: c }]\n";

    [Fact]
    public void Rows_of_one_time_are_one_bin_and_empty_bins_lie_between()
    {
        var bins = Read("t,s,i,o\n2024-01-16T13:55:00Z,a,1,2\n2024-01-16T13:55:00Z,b,3,4\n2024-01-16T14:10:00Z,a,5,6\n");
        Assert.Equal(4, bins.Count);
        Assert.Equal(new DateTimeOffset(2024, 1, 16, 13, 55, 0, TimeSpan.Zero), bins[0].Start);
        Assert.Equal(bins[0].Start.AddMinutes(5), bins[0].End);
        Assert.Equal([new ReplayCount("a", "a", 1, 2), new ReplayCount("d", "c", 3, 4)], bins[0].Counts);
        Assert.Empty(bins[1].Counts);
        Assert.All(bins, bin => Assert.Equal(["a", "d"], bin.Alive));
        Assert.Equal(["a,d", "", "", ""], bins.Select(bin => string.Join(',', bin.Back)));
    }

    [Fact]
    public void A_stamp_may_be_the_end_of_its_bin()
    {
        var bin = Assert.Single(Read("t,s,i,o\n2024-01-16T14:00:00+01:00,a,1,2\n", Map + "stamp: end\n"));
        Assert.Equal(new DateTimeOffset(2024, 1, 16, 13, 0, 0, TimeSpan.Zero), bin.End);
    }

    [Fact]
    public void A_sensor_that_is_out_sends_neither_counts_nor_heartbeats()
    {
        var bins = Read("t,s,i,o\n2024-01-16T13:55:00Z,a,1,2\n2024-01-16T14:00:00Z,a,1,2\n2024-01-16T14:05:00Z,a,1,2\n", Map, "sensor_id,from,to\na,2024-01-16T14:00:00Z,2024-01-16T14:05:00Z\n");
        Assert.Equal([1, 0, 1], bins.Select(bin => bin.Counts.Count));
        Assert.Equal(["a,d", "d", "a,d"], bins.Select(bin => string.Join(',', bin.Alive)));
    }

    [Theory]
    [InlineData("t,s,i,o\n2024-01-16T13:55:00Z,a,1\n", "counts.csv:2: the row has 3 fields")]
    [InlineData("t,s,i,o\n2024-01-16T13:55:00Z,a,-1,0\n", "counts.csv:2: '-1' is not a number of passages")]
    [InlineData("t,s,i,o\n2024-01-16T13:55:00Z,a,1.5,0\n", "counts.csv:2: '1.5' is not a number of passages")]
    [InlineData("t,s,i,o\n2024-01-16T13:55:00,a,1,0\n", "counts.csv:2: '2024-01-16T13:55:00' is not a time")]
    [InlineData("t,s,i,o\n2024-01-16T13:55:00Z,x,1,0\n", "counts.csv:2: sensor 'x' is not in the map")]
    [InlineData("t,s,i,o\n2024-01-16T13:55:00Z,a,1,0\n2024-01-16T13:50:00Z,a,1,0\n", "counts.csv:3: the time goes back")]
    [InlineData("t,s,i,o\n2024-01-16T13:55:00Z,a,1,0\n2024-01-16T13:58:00Z,a,1,0\n", "counts.csv:3: the time is not a multiple")]
    [InlineData("t,s,i\n", "counts.csv:1: there is no column 'o'")]
    [InlineData("", "counts.csv:1: the file is empty")]
    public void A_bad_row_is_named_by_its_line(string csv, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<ReplayInputException>(() => Read(csv)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("intervalSeconds: 300", "intervalSeconds: 0", "map.yaml:2:")]
    [InlineData("timeZone: Europe/Zurich", "timeZone: Europe/Zuerich", "map.yaml:3:")]
    [InlineData("timeZone: Europe/Zurich", "timeZone: UTC\nstamp: middle", "map.yaml:4:")]
    [InlineData("time: t, ", "", "map.yaml:1:")]
    [InlineData("{ id: a }", "{ id: a, nonsense: 1 }", "map.yaml:4:")]
    [InlineData("{ id: a }", "{ id: b }", "map.yaml:4:")]
    public void A_bad_map_is_named_by_its_line(string valid, string invalid, string at)
    {
        var (map, problems) = Samples.ReadMap(Map.Replace(valid, invalid, StringComparison.Ordinal));
        Assert.Null(map);
        Assert.StartsWith(at, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_local_day_can_come_twice()
    {
        var bins = Read("t,s,i,o\n2024-01-16T22:50:00Z,a,1,0\n2024-01-16T22:55:00Z,a,2,0\n2024-01-16T23:00:00Z,a,3,0\n");
        var twice = ReplayBins.DaysTwice(bins, Samples.ReadMap(Map).Map!.TimeZone);
        Assert.Equal([1, 2, 1, 2, 3, 3], twice.Select(bin => bin.Counts[0].In));
    }

    [Theory]
    [InlineData("2024-01-16T23:00:00Z", "2024-01-16T23:00:00Z")]
    [InlineData("2024-01-16T23:05:00Z", "2024-01-17T23:00:00Z")]
    [InlineData("2024-03-31T10:00:00Z", "2024-03-31T22:00:00Z")]
    public void The_replay_ends_at_a_local_midnight(string end, string midnight) =>
        Assert.Equal(DateTimeOffset.Parse(midnight, null), ReplayBins.MidnightFrom(DateTimeOffset.Parse(end, null), TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich")));

    private static List<ReplayBin> Read(string csv, string map = Map, string? outages = null) =>
        [.. ReplayBins.Read(new StringReader(csv), "counts.csv", Samples.ReadMap(map).Map!, outages is null ? null : new StringReader(outages))];
}
