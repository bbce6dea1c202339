using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class ProfileReaderTests
{
    private const string Good = """
        profile: acme
        version: 2
        match: { topic: "acme/{device}/up" }
        time: /at | iso
        readings:
          - each: /items/*
            when: ./n
            channel: ./id
            count: { in: ./n | int, out: ./m | int }
        """;

    [Fact]
    public void A_good_profile_is_read()
    {
        var profile = Read(Good, out var problems);
        Assert.Empty(problems);
        Assert.Equal(("acme", 2, "acme/{device}/up"), (profile!.Name, profile.Version, profile.Topic!.Text));
        Assert.Equal(new ProfileLimits(16_384, 200, 8, 1_000, DeviceClockWindow.Wall), profile.Limits);
    }

    [Theory]
    [InlineData("profile: acme", "", 2, "profile has no profile")]
    [InlineData("version: 2", "version: 0", 2, "version of profile is 0")]
    [InlineData("match: { topic: \"acme/{device}/up\" }", "", 1, "profile has no match")]
    [InlineData("{device}", "{unit}", 3, "does not name the device")]
    [InlineData("{device}", "x{device}", 3, "does not name the device")]
    [InlineData("time: /at | iso", "time: /at", 4, "time is '/at'")]
    [InlineData("time: /at | iso", "time: /at | unix", 4, "time is '/at | unix'")]
    [InlineData("time: /at | iso", "time: at | iso", 4, "time is 'at | iso'")]
    [InlineData("time: /at | iso", "unmatched: maybe", 4, "unmatched is 'maybe'")]
    [InlineData("time: /at | iso", "limits: { depth: 99 }", 4, "depth of limits is 99")]
    [InlineData("time: /at | iso", "limits: { behindSeconds: 9 }", 4, "behindSeconds of limits is 9")]
    [InlineData("time: /at | iso", "limits: { behindSeconds: 172801 }", 4, "behindSeconds of limits is 172801")]
    [InlineData("time: /at | iso", "limits: { aheadSeconds: -1 }", 4, "aheadSeconds of limits is -1")]
    [InlineData("time: /at | iso", "limits: { aheadSeconds: 3601 }", 4, "aheadSeconds of limits is 3601")]
    [InlineData("time: /at | iso", "limits: { aheadSeconds: 5 min }", 4, "aheadSeconds of limits is '5 min'")]
    [InlineData("time: /at | iso", "lagSeconds: 0", 4, "lagSeconds of profile is 0")]
    [InlineData("time: /at | iso", "lagSeconds: 21601", 4, "lagSeconds of profile is 21601")]
    [InlineData("time: /at | iso", "lagSeconds: 60\nheartbeat: /items", 4, "both 'heartbeat' and 'lagSeconds'")]
    [InlineData("time: /at | iso", "onChange: sometimes", 4, "onChange of profile is 'sometimes'")]
    [InlineData("time: /at | iso", "colour: red", 4, "unknown field 'colour'")]
    [InlineData("each: /items/*", "each: items", 6, "each is 'items', not a path")]
    [InlineData("count: { in: ./n | int, out: ./m | int }", "count: { in: ./n | int }", 9, "count has no out")]
    [InlineData("count: { in: ./n | int, out: ./m | int }", "count: { in: ./n | num, out: ./m | int }", 9, "in is './n | num'")]
    [InlineData("count: { in: ./n | int, out: ./m | int }", "count: { in: ./n | int, out: ./m | int, speed: ./s | num }", 9, "unknown field 'speed'")]
    [InlineData("count: { in: ./n | int, out: ./m | int }", "colour: { is: ./c }", 6, "makes 0 kinds of reading")]
    [InlineData("count: { in: ./n | int, out: ./m | int }", "count: { in: ./n | int, out: ./m | int }\n    position: { is: ./p }", 6, "makes 2 kinds of reading")]
    public void Each_problem_has_its_line(string good, string broken, int line, string what)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        Assert.Null(Read(Good.Replace(good, broken, StringComparison.Ordinal), out var problems));
        Assert.True(problems.Any(problem => problem.Line == line && problem.What.Contains(what, StringComparison.Ordinal)), string.Join(" | ", problems));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(21_600)]
    public void A_profile_whose_equipment_never_vouches_may_say_after_how_long_no_count_means_zero(int seconds)
    {
        Assert.Null(Read(Good, out _)!.Lag);
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read($"{Good}\nlagSeconds: {seconds}", out _)!.Lag);
    }

    [Fact]
    public void A_profile_without_rules_makes_nothing_and_is_refused()
    {
        Assert.Null(Read("profile: a\nversion: 1\nmatch: { topic: 'a/{device}' }\n", out var problems));
        Assert.Contains("makes no readings", problems.Single().What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_rule_does_not_name_does_not_pass()
    {
        var outcome = Read(Good, out _)!.Map("d", Square.Utf8("""{"items":[{"id":"a","n":1,"m":2,"face":"x"},{"id":"b"}],"secret":1}"""), Square.At("2026-11-22T12:00:00Z"), DeviceClockWindow.Wall, false);
        Assert.Single(outcome.Message!.Readings);
    }

    private static EquipmentProfile? Read(string yaml, out IReadOnlyList<DocumentProblem> found)
    {
        var problems = new DocumentProblems("p");
        var node = DocumentYaml.Read(yaml, problems);
        found = problems.Found;
        return node is null ? null : ProfileReader.Read(node, problems);
    }
}
