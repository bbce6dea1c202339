using System.Net;
using System.Text.Json;
using Monitoring.Simulator.Exercises;
using MQTTnet.Protocol;

namespace Monitoring.Simulator.Tests.Exercises;

public sealed class ReplayRunTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2024, 1, 16, 13, 55, 0, TimeSpan.Zero);

    private readonly HttpClient _http = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _progress = new();
    private FakeHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await FakeHub.StartedAsync();

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Sends_counts_then_heartbeats_and_moves_the_clock_bin_by_bin()
    {
        var result = await RunAsync(Options, Bins(3));
        Assert.Equal(new ReplayResult(3, 12, 12, 0, 0, null, Start.Date.AddHours(23)), result);
        Assert.Equal("sent 12, accepted 12, refused 0\n", _output.ToString());
        Assert.Equal([Start, Start.AddMinutes(5), Start.AddMinutes(10), Start.AddMinutes(15), Start.Date.AddHours(23)], _hub.Clock);
        Assert.Equal(
            [
                ("hardbruecke", "equipment/ost-nord/readings", """{"time":"2024-01-16T14:00:00Z","readings":[{"channel":"ost-nord","count":{"in":1,"out":2,"from":"2024-01-16T13:55:00Z"}}]}"""),
                ("hardbruecke", "equipment/ost-sbb/readings", """{"time":"2024-01-16T14:00:00Z","readings":[{"channel":"ost-sbb","count":{"in":3,"out":4,"from":"2024-01-16T13:55:00Z"}}]}"""),
                ("hardbruecke", "equipment/ost-nord/readings", """{"time":"2024-01-16T14:00:00Z","readings":[]}"""),
                ("hardbruecke", "equipment/ost-sbb/readings", """{"time":"2024-01-16T14:00:00Z","readings":[]}"""),
            ],
            _hub.Accepted.Take(4));
    }

    [Fact]
    public async Task Survives_a_hub_that_is_killed_in_the_middle_and_sends_the_whole_bin_again()
    {
        var killed = 0;
        _hub.AnswersClock = to =>
        {
            if (to == Start.AddMinutes(25) && killed++ == 0)
                return HttpStatusCode.ServiceUnavailable;
            return HttpStatusCode.OK;
        };
        var restarts = 0;
        var result = await RunAsync(Options with { AfterBin = KillAsync }, Bins(20));
        Assert.Equal((20, 80L, 80L, 0L), (result.Bins, result.Sent, result.Accepted, result.Refused));
        Assert.Equal(2, restarts);
        Assert.True(result.Resent >= 4);
        Assert.Equal(20 * 4, _hub.Accepted.Distinct().Count());
        Assert.Equal(_hub.Clock.Order(), _hub.Clock);

        async Task KillAsync(ReplayBin bin, CancellationToken cancellation)
        {
            if (bin.End != Start.AddMinutes(35) && bin.End != Start.AddMinutes(70))
                return;
            await _hub.KillAsync();
            await _hub.StartAsync();
            restarts++;
        }
    }

    [Fact]
    public async Task Sends_again_what_a_busy_hub_could_not_keep()
    {
        var busy = 3;
        _hub.Answers = _ => Interlocked.Decrement(ref busy) >= 0 ? MqttPubAckReasonCode.QuotaExceeded : MqttPubAckReasonCode.Success;
        var result = await RunAsync(Options, Bins(2));
        Assert.Equal((8L, 8L, 0L), (result.Sent, result.Accepted, result.Refused));
        Assert.True(result.Resent > 0);
    }

    [Fact]
    public async Task Counts_what_the_hub_refuses_and_goes_on()
    {
        _hub.Answers = topic => topic.Contains("sbb", StringComparison.Ordinal) ? MqttPubAckReasonCode.NotAuthorized : MqttPubAckReasonCode.Success;
        var result = await RunAsync(Options, Bins(2));
        Assert.Equal((8L, 4L, 4L, "NotAuthorized"), (result.Sent, result.Accepted, result.Refused, result.FirstRefusal));
        Assert.Equal("sent 8, accepted 4, refused 4\n", _output.ToString());
    }

    [Fact]
    public async Task A_wrong_password_ends_the_replay_at_once()
    {
        _hub.LetsIn = (user, password) => (user, password) == ("hardbruecke", "right");
        var refused = await Assert.ThrowsAsync<HubRefusedException>(() => RunAsync(Options with { Password = "wrong" }, Bins(1)));
        Assert.Contains("MONITORING_MQTT_PASSWORD", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong", HttpStatusCode.OK, "MONITORING_TOKEN")]
    [InlineData(FakeHub.Token, HttpStatusCode.NotFound, "--clock replay")]
    [InlineData(FakeHub.Token, HttpStatusCode.BadRequest, "400")]
    public async Task A_clock_that_will_not_move_ends_the_replay(string token, HttpStatusCode answer, string hint)
    {
        _hub.AnswersClock = _ => answer;
        var refused = await Assert.ThrowsAsync<HubRefusedException>(() => RunAsync(Options with { Token = token }, Bins(1)));
        Assert.Contains(hint, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_hub.Accepted);
    }

    [Fact]
    public async Task A_hub_that_stays_away_ends_the_replay()
    {
        await _hub.KillAsync();
        await Assert.ThrowsAsync<HubAwayException>(() => RunAsync(Options with { GiveUpAfter = TimeSpan.FromMilliseconds(300) }, Bins(1)));
        Assert.Equal("sent 0, accepted 0, refused 0\n", _output.ToString());
        Assert.Contains("waiting for the hub", _progress.ToString(), StringComparison.Ordinal);
        await _hub.StartAsync();
    }

    [Fact]
    public async Task Never_has_more_in_flight_than_allowed()
    {
        var result = await RunAsync(Options with { InFlightMax = 1 }, Bins(2));
        Assert.Equal(8, result.Accepted);
    }

    [Fact]
    public async Task Reads_its_files_and_stops_where_told()
    {
        var csv = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(csv, "time_utc,sensor_id,in,out\n2024-01-16T13:55:00Z,ost-nord,1,2\n2024-01-16T14:05:00Z,west-vbz,3,4\n2024-01-16T14:10:00Z,west-vbz,3,4\n", TestContext.Current.CancellationToken);
            var result = await Run.RunAsync(Options with { CountsFile = csv, Until = Start.AddMinutes(15), OutagesFile = Samples.PathOf("hardbruecke", "outages.csv") }, TestContext.Current.CancellationToken);
            Assert.Equal((3, 8 + 2L + 3 * 8), (result.Bins, result.Accepted));
            var counts = _hub.Accepted.Select(message => JsonDocument.Parse(message.Text).RootElement.GetProperty("readings")).Where(readings => readings.GetArrayLength() > 0);
            Assert.Equal(["ost-nord", "west-vbz"], counts.Select(readings => readings[0].GetProperty("channel").GetString()));
        }
        finally
        {
            File.Delete(csv);
        }
    }

    // Three outages: one interval, which the hub does not notice; two, whose end a heartbeat would make vouched for; three.
    [Fact]
    public async Task A_device_says_that_it_is_there_before_its_first_interval_and_its_first_after_an_outage()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (csv, outages) = (Path.Combine(folder.FullName, "counts.csv"), Path.Combine(folder.FullName, "outages.csv"));
            await File.WriteAllTextAsync(csv, "time_utc,sensor_id,in,out\n2024-01-16T13:55:00Z,ost-nord,1,2\n2024-01-16T14:50:00Z,ost-nord,3,4\n", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(outages, "sensor_id,from,to\nost-nord,2024-01-16T14:00:00Z,2024-01-16T14:05:00Z\nost-nord,2024-01-16T14:10:00Z,2024-01-16T14:20:00Z\nost-nord,2024-01-16T14:30:00Z,2024-01-16T14:45:00Z\n", TestContext.Current.CancellationToken);
            await Run.RunAsync(Options with { CountsFile = csv, OutagesFile = outages }, TestContext.Current.CancellationToken);
            var heartbeats = _hub.Accepted.Where(message => message.Text.EndsWith("\"readings\":[]}", StringComparison.Ordinal)).ToLookup(message => message.Topic.Split('/')[1], message => message.Text[20..25]);
            Assert.Equal(["13:55", "14:00", "14:10", "14:25", "14:30", "14:45", "14:50", "14:55"], heartbeats["ost-nord"]);
            Assert.Equal(Enumerable.Range(0, 13).Select(i => $"{Start.AddMinutes(5 * i):HH:mm}"), heartbeats["west-vbz"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_missing_file_is_said_so()
    {
        var wrong = await Assert.ThrowsAsync<ReplayInputException>(() => Run.RunAsync(Options with { CountsFile = "/nowhere.csv" }, TestContext.Current.CancellationToken));
        Assert.StartsWith("/nowhere.csv: cannot be read", wrong.Message, StringComparison.Ordinal);
    }

    private ReplayRun Run => new(_http, TimeProvider.System, _output, new ReplayProgress(_progress, terminal: false, TimeProvider.System));

    private ReplayOptions Options => new()
    {
        CountsFile = "",
        Map = Samples.Hardbruecke(),
        Mqtt = _hub.Mqtt,
        User = "hardbruecke",
        Password = "right",
        Api = _hub.Api,
        Token = FakeHub.Token,
    };

    private Task<ReplayResult> RunAsync(ReplayOptions options, IEnumerable<ReplayBin> bins) => Run.RunAsync(options, bins, TestContext.Current.CancellationToken);

    private static IEnumerable<ReplayBin> Bins(int count) => Enumerable.Range(0, count).Select(i => new ReplayBin(
        Start.AddMinutes(5 * i),
        Start.AddMinutes(5 * i + 5),
        [new ReplayCount("ost-nord", "ost-nord", 1, 2), new ReplayCount("ost-sbb", "ost-sbb", 3, 4)],
        ["ost-nord", "ost-sbb"],
        []));
}
