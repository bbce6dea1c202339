using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Alarms;
using Monitoring.Harness;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Faults.Alarms;

/// <summary>A recorded surge is told once, in time, and through SIGKILL at each step of the alarm's life; an ordinary Sunday is not told at all.</summary>
public sealed class RecordedSurgeTests
{
    private const string Surge = "west-sued";
    private const double OnPerMinute = 66;

    // A surge like the recorded one, with other numbers, and an ordinary day after it.
    private const string OwnFixture = """
        time_utc,sensor_id,in,out
        2024-06-02T16:00:00Z,ost-nord,21,14
        2024-06-02T16:00:00Z,west-sued,12,8
        2024-06-02T16:05:00Z,west-sued,190,10
        2024-06-02T16:10:00Z,west-sued,330,4
        2024-06-02T16:15:00Z,west-sued,612,9
        2024-06-02T16:20:00Z,west-sued,340,11
        2024-06-02T16:25:00Z,west-sued,80,6
        2024-06-02T16:30:00Z,west-sued,20,4
        2024-06-09T16:00:00Z,west-sued,14,9
        2024-06-09T16:05:00Z,ost-nord,31,22
        """;

    [Fact]
    public async Task A_surge_raises_one_alarm_that_lives_through_a_kill_after_each_step()
    {
        using var folder = new TemporaryFolder();
        await PlayAsync(folder.Write("counts.csv", OwnFixture), folder, new DateOnly(2024, 6, 2), [new DateOnly(2024, 6, 9)]);
    }

    [Fact]
    public async Task The_surge_of_21_January_2024_at_Hardbruecke_is_told_once_and_ordinary_Sundays_are_not()
    {
        var file = Repository.Sample("data", "zurich-hardbruecke-2024", "counts.csv");
        Assert.SkipWhen(file is null, $"missing: samples ({Repository.SamplesVariable})");
        DateOnly surge = new(2024, 1, 21);
        DateOnly[] quiet = RunSeed.IsLong ? [new(2024, 2, 4), new(2024, 2, 11), new(2024, 2, 18), new(2024, 2, 25), new(2024, 3, 10)] : [new(2024, 2, 4)];
        using var folder = new TemporaryFolder();
        var lines = await File.ReadAllLinesAsync(file!, TestContext.Current.CancellationToken);
        var map = ReadMap();
        var chosen = lines.Skip(1).Where(line => quiet.Append(surge).Contains(LocalDay(StampOf(line), map)));
        await PlayAsync(folder.Write("counts.csv", string.Join('\n', chosen.Prepend(lines[0]))), folder, surge, quiet);
    }

    private static async Task PlayAsync(string file, TemporaryFolder folder, DateOnly surge, DateOnly[] quiet)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var map = ReadMap();
        await using var replayed = await ReplayedHub.StartAsync(folder.File("data"), cancellation);
        using var desk = await replayed.Hub.OperatorAsync(cancellation);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", replayed.Token);
        var seen = AlarmState.Closed;
        var killedAfter = new List<AlarmState>();
        // Kept as they are seen: an alarm that is over is forgotten after 30 days, and these Sundays are seven weeks.
        var all = new Dictionary<string, Alarm>();
        var day = surge;
        var options = new ReplayOptions
        {
            CountsFile = file,
            Map = map,
            Mqtt = new MqttEndpoint("127.0.0.1", replayed.Hub.Ports.Mqtt),
            User = ReplayedHub.Connection,
            Password = replayed.Secret,
            Api = replayed.Hub.Address,
            Token = replayed.Token,
            AfterBin = FollowAsync,
        };
        await new ReplayRun(http, TimeProvider.System, TextWriter.Null, new ReplayProgress(TextWriter.Null, terminal: false, TimeProvider.System)).RunAsync(options, cancellation);

        await LookAsync(cancellation);
        Assert.Equal([AlarmState.Unacknowledged, AlarmState.Acknowledged, AlarmState.Closed], killedAfter);
        var raised = all.Values.SelectMany(alarm => alarm.Transitions.Where(step => step.Event == AlarmEvent.Raised).Select(step => (alarm.Subject, step.At))).ToList();
        var ofSurge = Assert.Single(raised, one => one.Subject == Surge && LocalDay(one.At, map) == surge);
        Assert.InRange(ofSurge.At, DateTimeOffset.MinValue, FirstBinOver(file).AddMinutes(5));
        Assert.DoesNotContain(raised, one => quiet.Contains(LocalDay(one.At, map)));

        var alarm = Assert.Single(all.Values, one => one.Subject == Surge);
        Assert.Equal([AlarmEvent.Raised, AlarmEvent.Acknowledged, AlarmEvent.Returned], alarm.Transitions.Select(step => step.Event));
        Assert.Equal(("watch", "seen"), (alarm.AcknowledgedBy, alarm.Note));

        async Task LookAsync(CancellationToken token)
        {
            foreach (var one in await EveryAlarmAsync(desk, token))
                all[one.Id] = one;
        }

        // Takes the alarm in the bin after it was raised; kills the hub once after each step of its life.
        async Task FollowAsync(ReplayBin bin, CancellationToken token)
        {
            if (LocalDay(bin.Start, map) is var today && today != day)
            {
                day = today;
                await LookAsync(token);
            }

            if (killedAfter.Count == 3 || today != surge || await AlarmAsync(desk, token) is not { } now)
                return;
            if (now.State == seen && now.State == AlarmState.Unacknowledged)
            {
                Assert.Equal(HttpStatusCode.OK, (await desk.AcknowledgeAsync(now.Id, token, "seen")).StatusCode);
                now = (await AlarmAsync(desk, token))!;
            }

            if (now.State == seen && killedAfter.Count > 0)
                return;
            seen = now.State;
            killedAfter.Add(seen);
            await replayed.Hub.KillAsync();
            await replayed.Hub.StartAgainAsync(token);
            Assert.Equal(now.Transitions, (await AlarmAsync(desk, token))!.Transitions);
            if (seen != AlarmState.Unacknowledged)
                await SecondIsToldAsync(desk, now.Id, token);
        }
    }

    private static async Task SecondIsToldAsync(HttpClient desk, string alarm, CancellationToken cancellation)
    {
        using var again = await desk.AcknowledgeAsync(alarm, cancellation);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("\"acknowledgedBy\":\"watch\"", await again.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
    }

    private static async Task<Alarm?> AlarmAsync(HttpClient desk, CancellationToken cancellation) =>
        (await EveryAlarmAsync(desk, cancellation)).SingleOrDefault(alarm => alarm.Subject == Surge);

    private static async Task<IEnumerable<Alarm>> EveryAlarmAsync(HttpClient desk, CancellationToken cancellation) =>
        (await desk.AlarmsAsync(cancellation)).Concat(await desk.AlarmsAsync(cancellation, "closed"));

    private static DateTimeOffset FirstBinOver(string file) =>
        File.ReadLines(file).Skip(1).Where(line => line.Split(',') is [_, Surge, var passagesIn, var passagesOut] && (int.Parse(passagesIn, CultureInfo.InvariantCulture) + int.Parse(passagesOut, CultureInfo.InvariantCulture)) / 5.0 >= OnPerMinute).Select(StampOf).First();

    private static DateTimeOffset StampOf(string line) => DateTimeOffset.Parse(line.Split(',')[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static DateOnly LocalDay(DateTimeOffset instant, ReplayMap map) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, map.TimeZone).DateTime);

    private static ReplayMap ReadMap()
    {
        var problems = new DocumentProblems("map.yaml");
        return ReplayMap.Read(DocumentYaml.Read(File.ReadAllText(ReplayedHub.MapFile), problems)!, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.Found));
    }
}
