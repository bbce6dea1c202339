using System.Net.Http.Headers;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Faults.Exercises;

/// <summary>Recorded counts in over real MQTT, and the day totals out, to the unit: also through SIGKILL and repeats.</summary>
public sealed class RecordedCountsTests
{
    private const string OwnFixture = """
        time_utc,sensor_id,in,out
        2024-03-30T21:55:00Z,ost-nord,3,1
        2024-03-30T22:00:00Z,ost-nord,5,0
        2024-03-30T22:55:00Z,west-sued,894,12
        2024-03-30T23:00:00Z,ost-nord,7,9
        2024-03-31T00:55:00Z,west-vbz,2,2
        2024-03-31T01:00:00Z,west-vbz,4,8
        2024-03-31T21:55:00Z,west-vbz,1,6
        2024-03-31T22:00:00Z,west-sued,11,0
        """;

    [Fact]
    public async Task A_night_that_loses_an_hour_counts_each_interval_in_the_local_day_in_which_it_starts()
    {
        using var folder = new TemporaryFolder();
        await PlayAsync(folder.Write("counts.csv", OwnFixture), folder, daysTwice: false, kills: []);
    }

    [Fact]
    public async Task Days_that_come_twice_through_a_kill_count_once()
    {
        using var folder = new TemporaryFolder();
        await PlayAsync(folder.Write("counts.csv", OwnFixture), folder, daysTwice: true, kills: [200, 500]);
    }

    [Fact]
    public async Task The_days_of_Hardbruecke_agree_with_the_file_through_kills()
    {
        using var folder = new TemporaryFolder();
        await PlayAsync(Hardbruecke(folder, days: 6), folder, daysTwice: false, RunSeed.IsLong ? Kills(20240121, 5, 18_000) : Kills(20240121, 2, 1_500));
    }

    [Fact]
    public async Task The_days_of_Hardbruecke_sent_twice_count_once()
    {
        using var folder = new TemporaryFolder();
        await PlayAsync(Hardbruecke(folder, days: 3), folder, daysTwice: true, kills: []);
    }

    // All 64 recorded days in the long form, the first few in the short one.
    private static string Hardbruecke(TemporaryFolder folder, int days)
    {
        var file = Repository.Sample("data", "zurich-hardbruecke-2024", "counts.csv");
        Assert.SkipWhen(file is null, $"missing: samples ({Repository.SamplesVariable})");
        if (RunSeed.IsLong)
            return file!;
        var lines = File.ReadAllLines(file!);
        var chosen = lines.Skip(1).GroupBy(line => line[..10]).Take(days).SelectMany(day => day);
        return folder.Write("counts.csv", string.Join('\n', chosen.Prepend(lines[0])));
    }

    private static int[] Kills(int seed, int count, int bins)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => chance.Next(10, bins)).Order()];
    }

    private static async Task PlayAsync(string file, TemporaryFolder folder, bool daysTwice, int[] kills)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var map = ReadMap();
        var expected = ReplayedDays.Read(file, map.TimeZone);
        await using var replayed = await ReplayedHub.StartAsync(folder.File("data"), cancellation);
        using var watching = await replayed.Hub.OperatorAsync(cancellation);
        var checkedDays = new HashSet<DateOnly>();
        var played = 0;
        var restart = Task.CompletedTask;
        var afterwards = new Queue<int>(kills);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", replayed.Token);
        var options = new ReplayOptions
        {
            CountsFile = file,
            Map = map,
            Mqtt = new MqttEndpoint("127.0.0.1", replayed.Hub.Ports.Mqtt),
            User = ReplayedHub.Connection,
            Password = replayed.Secret,
            Api = replayed.Hub.Address,
            Token = replayed.Token,
            DaysTwice = daysTwice,
            AfterBin = AfterBinAsync,
        };
        var result = await new ReplayRun(http, TimeProvider.System, TextWriter.Null, new ReplayProgress(TextWriter.Null, terminal: false, TimeProvider.System)).RunAsync(options, cancellation);

        Assert.Equal(0, result.Refused);
        Assert.Empty(afterwards);
        await CheckMidnightAsync(result.ClockAt!.Value);
        Assert.Equal(expected.Days, checkedDays.Order());

        async Task AfterBinAsync(ReplayBin bin, CancellationToken token)
        {
            // The kill comes while the next bin is under way: part of it sent, part journaled, part applied and not yet saved.
            if (afterwards.TryPeek(out var next) && ++played >= next)
            {
                afterwards.Dequeue();
                await restart;
                restart = Task.Run(
                    async () =>
                    {
                        await replayed.Hub.KillAsync();
                        await replayed.Hub.StartAgainAsync(token);
                    },
                    token);
            }

            if (bin.End == ReplayBins.MidnightFrom(bin.End, map.TimeZone))
                await CheckMidnightAsync(bin.End);
        }

        async Task CheckMidnightAsync(DateTimeOffset midnight)
        {
            await restart;
            var space = await watching.SpaceAsync(ReplayedHub.Space, cancellation);
            Assert.Equal("replay", space.Clock);
            if (space.AsOf != midnight)
                return; // The second sending of a day that is past: the clock stays where it is.
            var ended = LocalDay(midnight, map).AddDays(-1);
            var differences = expected.Differences(ended, space.Lines, line => line.PreviousDay)
                .Concat(space.Lines.Where(line => line.Day != new LineTotal(0, 0)).Select(line => $"{line.Id}: the new day begins with {line.Day}"));
            Assert.Empty(differences);
            checkedDays.Add(ended);
        }
    }

    private static DateOnly LocalDay(DateTimeOffset instant, ReplayMap map) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, map.TimeZone).DateTime);

    private static ReplayMap ReadMap()
    {
        var problems = new DocumentProblems("map.yaml");
        return ReplayMap.Read(DocumentYaml.Read(File.ReadAllText(ReplayedHub.MapFile), problems)!, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.Found));
    }
}
