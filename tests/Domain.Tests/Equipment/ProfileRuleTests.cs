using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class ProfileRuleTests
{
    [Fact]
    public void Lists_inside_of_lists_see_what_is_around_them()
    {
        var message = Profiles.Of("""
            readings:
              - each: ["/d/*[t=count]", "./l/*[k=line]"]
                channel: ./id
                count: { in: ./in | int, out: 0 | int, from: ../from | iso, seconds: ../s | int }
            """).Taken("""{"d":[{"t":"count","s":60,"from":"2026-11-22T11:58:00Z","l":[{"k":"line","id":"a","in":1},{"k":"zone","id":"z"},{"k":"line","id":"b","in":2}]},{"t":"person","l":[{"k":"line","id":"p","in":9}]}]}""");
        Assert.Equal(
            [new CountReading("a", Square.At("2026-11-22T11:59:00Z"), 1, 0, Square.At("2026-11-22T11:58:00Z")), new CountReading("b", Square.At("2026-11-22T11:59:00Z"), 2, 0, Square.At("2026-11-22T11:58:00Z"))],
            message.Readings);
        Assert.Equal(Square.At("2026-11-22T11:59:00Z"), message.Time);
    }

    [Fact]
    public void A_name_that_is_captured_finds_its_sibling() => Assert.Equal(
        [new TotalReading("line-1", Profiles.Noon, 5, 6, null), new TotalReading("line-2", Profiles.Noon, 7, 8, null)],
        Profiles.Of("readings:\n  - { each: \"/line_{n}_in\", channel: \"line-{n}\", total: { in: . | int, out: \"/line_{n}_out | int\" } }")
            .Taken("""{"line_1_in":5,"line_1_out":6,"line_2_in":7,"line_2_out":8,"line__in":3,"online_3_in":3,"line_4_out":1}""").Readings);

    [Theory]
    [InlineData("""{"a":true,"b":true}""", ElementPosition.Fault)]
    [InlineData("""{"a":true,"b":false}""", ElementPosition.Raised)]
    [InlineData("""{"b":true}""", ElementPosition.Lowered)]
    public void Of_a_first_list_one_rule_applies(string json, ElementPosition position) => Assert.Equal(
        new PositionReading("", Profiles.Noon, position),
        Profiles.Of("""
            readings:
              - first:
                  - { when: /a == true && /b == true, position: { is: "'fault'" } }
                  - { when: /a == true, position: { is: "'raised'" } }
                  - { when: /b == true, position: { is: "'lowered'" } }
            """).Taken(json).Readings.Single());

    [Fact]
    public void Two_first_lists_do_not_know_each_other() => Assert.Equal(2, Profiles.Of("""
            readings:
              - first: [{ when: /a, event: { type: "'x'" } }]
              - first: [{ when: /a, event: { type: "'y'" } }]
            """).Taken("""{"a":1}""").Readings.Count);

    [Fact]
    public void An_interval_is_told_by_its_seconds_too() => Assert.Equal(
        new CountReading("", Profiles.Noon, 1, 0, Profiles.Noon.AddSeconds(-30)),
        Profiles.Rule("count: { in: 1 | int, out: 0 | int, seconds: 30 | int }").Taken("{}").Readings.Single());

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    public void An_interval_is_1_second_to_24_hours_long(int seconds, bool taken) =>
        Assert.Equal(taken, Profiles.Rule("count: { in: 1 | int, out: 0 | int, seconds: /s | int }").Map($$"""{"s":{{seconds}}}""").Message is not null);

    [Theory]
    [InlineData("ignore", null, RefusalReason.PayloadFormat)]
    [InlineData("refuse", null, RefusalReason.PayloadFormat)]
    [InlineData("drop", true, null)]
    public void A_message_of_which_nothing_is_left_is_refused_or_dropped(string unmatched, bool? dropped, RefusalReason? reason)
    {
        var outcome = Profiles.Of($"unmatched: {unmatched}\nreadings:\n  - {{ when: /a, event: {{ type: \"'x'\" }} }}").Map("""{"b":1}""");
        Assert.Equal((dropped ?? false, reason), (outcome.IsDropped, outcome.Refusal?.Reason));
    }

    [Fact]
    public void A_message_that_is_not_what_the_profile_is_for_is_refused_or_dropped()
    {
        const string Yaml = "profile: t\nversion: 1\nmatch: { topic: 'a/{device}/{part}', when: /kind == 'x' }\nunmatched: UNMATCHED\nreadings:\n  - { event: { type: \"'x'\" } }\n";
        Assert.True(Profiles.Good(Yaml.Replace("UNMATCHED", "drop", StringComparison.Ordinal)).Map("{}").IsDropped);
        Assert.NotNull(Profiles.Good(Yaml.Replace("UNMATCHED", "ignore", StringComparison.Ordinal)).Map("{}").Refusal);
        Assert.NotNull(Profiles.Good(Yaml.Replace("UNMATCHED", "ignore", StringComparison.Ordinal)).Map("""{"kind":"x"}""").Message);
    }

    [Theory]
    [InlineData("device: /serial | mac", """{"serial":"AA:BB"}""", "aabb")]
    [InlineData("device: /n | text", """{"n":7}""", "7")]
    [InlineData("device: /serial", """{"n":7}""", null)]
    [InlineData("device: /serial", """{"serial":null}""", null)]
    public void The_body_can_name_the_device(string line, string json, string? device) =>
        Assert.Equal(device, Profiles.Good($"profile: t\nversion: 1\nmatch: {{ when: . }}\n{line}\nreadings:\n  - {{ event: {{ type: \"'x'\" }} }}\n").Map(json).Message?.DeviceId);

    [Theory]
    [InlineData("elements: 10", 10, true)]
    [InlineData("elements: 10", 11, false)]
    public void Only_so_many_items_are_looked_at(string limit, int items, bool taken)
    {
        var profile = Profiles.Of($"limits: {{ {limit} }}\nunmatched: drop\nreadings:\n  - {{ each: \"/l/*[k=1]\", event: {{ type: \"'x'\" }} }}");
        var outcome = profile.Map($$"""{"l":[{{string.Join(',', Enumerable.Repeat("{}", items))}}]}""");
        Assert.Equal(taken, outcome.Refusal is null);
        Assert.Equal(taken ? null : RefusalReason.TooLarge, outcome.Refusal?.Reason);
    }

    [Fact]
    public void A_search_inside_of_each_item_counts_against_that_limit_too()
    {
        var profile = Profiles.Of("limits: { elements: 99 }\nreadings:\n  - { each: /l/*, occupancy: { people: \"/m/*[k=9]/v | int\" } }");
        var nine = string.Join(',', Enumerable.Range(1, 9).Select(n => $$"""{"k":{{n}},"v":1}"""));
        string Message(int items) => $$"""{"l":[{{string.Join(',', Enumerable.Repeat("0", items))}}],"m":[{{nine}}]}""";
        Assert.NotNull(profile.Map(Message(9)).Message);
        Assert.Equal(RefusalReason.TooLarge, profile.Map(Message(10)).Refusal!.Reason);
    }

    [Theory]
    [InlineData("bytes: 20", """{"a":1,     "b":{}}""", true)]
    [InlineData("bytes: 20", """{"a":1,       "b":{}}""", false)]
    [InlineData("depth: 2", """{"a":1, "b":[1]}""", true)]
    [InlineData("depth: 2", """{"a":1, "b":[[]]}""", false)]
    [InlineData("readings: 2", """{"a":1,"x1":1,"x2":1}""", true)]
    [InlineData("readings: 2", """{"a":1,"x1":1,"x2":1,"x3":1}""", false)]
    public void The_other_limits_hold_at_their_edge(string limit, string json, bool taken) =>
        Assert.Equal(taken, Profiles.Of($"limits: {{ {limit} }}\nreadings:\n  - {{ each: \"/x{{n}}\", event: {{ type: \"'x'\" }} }}\n  - {{ when: /a is missing, event: {{ type: \"'y'\" }} }}\nheartbeat: [{{ when: /a }}]").Map(json).Message is not null);

    [Theory]
    [InlineData(64, 1)]
    [InlineData(65, 0)]
    public void A_captured_name_has_at_most_64_characters(int length, int readings) => Assert.Equal(
        readings,
        Profiles.Of("heartbeat: [{ when: . }]\nreadings:\n  - { each: \"/x{n}\", channel: \"{n}\", event: { type: \"'x'\" } }").Taken($$"""{"x{{new string('y', length)}}":1}""").Readings.Count);

    [Fact]
    public void A_list_that_is_something_else_refuses_the_message()
    {
        Assert.Equal(RefusalReason.PayloadFormat, Profiles.Rule("each: /l/*, event: { type: \"'x'\" }").Map("""{"l":{}}""").Refusal!.Reason);
        Assert.Equal(RefusalReason.PayloadFormat, Profiles.Rule("each: \"/l/{n}\", event: { type: \"'x'\" }").Map("""{"l":[]}""").Refusal!.Reason);
    }

    [Theory]
    [InlineData("each: [/a/*, ./b/*, ./c/*, ./d/*, ./e/*]", "each has 5 paths")]
    [InlineData("when: /a ==", "not a condition")]
    [InlineData("channel: /a | int", "channel is")]
    [InlineData("time: /a", "time is")]
    public void A_broken_rule_is_named(string line, string what)
    {
        Assert.Null(Profiles.Read($"profile: t\nversion: 1\nmatch: {{ topic: 'a/{{device}}' }}\nreadings:\n  - {line}\n    event: {{ type: \"'x'\" }}\n", out var found));
        Assert.Contains(found, problem => problem.Line == 5 && problem.What.Contains(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("decode: { from: /d | base64 }", "neither tlv nor fields")]
    [InlineData("decode: { from: /d, fields: { a: u8 } }", "from is")]
    [InlineData("decode: { from: /d | hex, fields: { a: u64le } }", "has no type of bytes")]
    [InlineData("decode: { from: /d | hex, fields: { a: u16 } }", "has no type of bytes")]
    [InlineData("decode: { from: /d | hex, fields: { a: skip65 } }", "has no type of bytes")]
    [InlineData("decode: { from: /d | hex, tlv: { 3d2: { a: u8 } } }", "a tag is '3d2'")]
    [InlineData("decode: { from: /d | hex, tlv: { 03d2: { a: u8 }, 04d2: { a: u8 } } }", "stands twice")]
    [InlineData("unlisted: maybe", "unlisted is 'maybe'")]
    [InlineData("parameters: { topic: x }", "a parameter is called 'topic'")]
    [InlineData("parameters: { a: { required: no } }", "neither a default")]
    [InlineData("parameters: [a]", "parameters is not a list of named values")]
    [InlineData("heartbeat: [{ upTo: /a }]", "upTo is '/a'")]
    public void A_broken_part_is_named(string line, string what)
    {
        Assert.Null(Profiles.Read($"profile: t\nversion: 1\nmatch: {{ topic: 'a/{{device}}' }}\n{line}\nreadings:\n  - {{ event: {{ type: \"'x'\" }} }}\n", out var found));
        Assert.Contains(found, problem => problem.Line == 4 && problem.What.Contains(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("match: { topic: 'a/b' }")]
    [InlineData("match: { when: /a }")]
    [InlineData("match: {}")]
    public void A_profile_that_does_not_say_who_speaks_is_refused(string match) =>
        Assert.Null(Profiles.Read($"profile: t\nversion: 1\n{match}\nreadings:\n  - {{ event: {{ type: \"'x'\" }} }}\n", out _));
}
