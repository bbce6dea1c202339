using Monitoring.Harness;

namespace Monitoring.Host.Tests.Equipment;

/// <summary><c>monitoring map</c> and <c>check</c> as an integrator of vendors' equipment uses them.</summary>
public sealed class MapCommandTests
{
    private const string Scenario = "axis/ACCC8E000001/event/CameraApplicationPlatform/ObjectAnalytics/Device1Scenario1";

    [Theory]
    [InlineData(new[] { "--profile", "profiles/axis-object-analytics.yaml", "--topic", Scenario },
        """{"timestamp":1767225600500,"message":{"data":{"scenario":"Occupancy","total":"7"}}}""", 0,
        """{"device":"ACCC8E000001","time":"2026-01-01T00:00:00.5Z","channel":"device1scenario1","occupancy":{"people":7}}""")]
    [InlineData(new[] { "--profile", "profiles/axis-object-analytics.yaml", "--topic", Scenario, "--params", "crossline=A", "--params", "crossline=B" },
        """{"timestamp":1767225600500,"message":{"data":{"scenario":"B","total":"7"}}}""", 0,
        """{"device":"ACCC8E000001","time":"2026-01-01T00:00:00.5Z","channel":"device1scenario1","total":{"in":7,"out":0}}""")]
    [InlineData(new[] { "--profile", "profiles/axis-object-analytics.yaml", "--topic", Scenario }, """{"message":{"data":{"scenario":"Occupancy","total":"x"}}}""", 1,
        """{"refused":"payload-format: /message/data/human ?? /message/data/total is not a whole number"}""")]
    [InlineData(new[] { "--profile", "profiles/amsterdam-cmsa-v2.yaml", "--topic", "any/topic" }, """{"data":[{"sensor":"a","message_type":"person"}]}""", 0, "")]
    [InlineData(new[] { "--profile", "profiles/bollard-neuron.yaml", "--topic", "plc" }, """{"timestamp":1767225600000,"group":"b","values":{"bollard_status":4}}""", 0,
        """{"device":"b","time":"2026-01-01T00:00:00Z","channel":"position","position":"fault"}""")]
    [InlineData(new[] { "--profile", "profiles/native.yaml", "--topic", "equipment/d/readings" }, """{"time":"2026-01-01T00:00:00Z","readings":[{"channel":"a","count":{"in":1,"out":0}}]}""", 0,
        """{"device":"d","time":"2026-01-01T00:00:00Z","channel":"a","count":{"in":1,"out":0}}""")]
    public async Task It_prints_one_line_for_each_reading(string[] arguments, string body, int code, string line)
    {
        var done = await HubCommand.RunAsync(["map", .. arguments, "-"], TestContext.Current.CancellationToken, input: body, folder: Repository.Root);
        Assert.Equal((code, line, ""), (done.ExitCode, done.Output.Trim(), done.Errors));
    }

    [Theory]
    [InlineData("--params", "nobody=1", 1, "the profile has no parameter 'nobody'")]
    [InlineData("--params", "crossline", 2, "is not name=value")]
    [InlineData("--topic", "axis/x", 1, "the topic does not fit the profile")]
    public async Task What_cannot_be_is_said(string option, string value, int code, string says)
    {
        string[] topic = option == "--topic" ? [] : ["--topic", Scenario];
        var done = await HubCommand.RunAsync(["map", "--profile", "profiles/axis-object-analytics.yaml", .. topic, option, value, "-"], TestContext.Current.CancellationToken, input: "{}", folder: Repository.Root);
        Assert.Equal(code, done.ExitCode);
        Assert.Contains(says, done.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_runs_the_fixtures_of_the_profiles_beside_the_site()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("profiles"));
        var site = folder.Write("site.yaml", FixtureSites.Square(1, 60));
        const string Profile = "profile: p\nversion: 1\nmatch: { topic: 'p/{device}' }\nreadings:\n  - { event: { type: /t } }\nfixtures:\n  - { topic: p/1, in: '{\"t\":\"a\"}', out: [{ event: { type: EXPECTED } }] }\n";
        folder.Write("profiles/p.yaml", Profile.Replace("EXPECTED", "a", StringComparison.Ordinal));
        var fine = await HubCommand.RunAsync(["check", site], TestContext.Current.CancellationToken);
        folder.Write("profiles/p.yaml", Profile.Replace("EXPECTED", "b", StringComparison.Ordinal));
        var wrong = await HubCommand.RunAsync(["check", site], TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (fine.ExitCode, wrong.ExitCode));
        Assert.Contains("p.yaml:7: the fixture comes out differently: event.type is a", wrong.Output, StringComparison.Ordinal);
    }
}
