using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class ProfileExpressionTests
{
    [Theory]
    [InlineData("/a/b", """{"a":{"b":"x"}}""", "x")]
    [InlineData("/a/1", """{"a":["x","y"]}""", "y")]
    [InlineData("/a~1b", """{"a/b":"x"}""", "x")]
    [InlineData("/switch:0/is", """{"switch:0":{"is":"x"}}""", "x")]
    [InlineData("/l/*[k=two]/v", """{"l":[{"k":"one","v":"x"},{"k":"two","v":"y"},{"k":"two","v":"z"}]}""", "y")]
    [InlineData("/l/*[k=2][m=true]/v", """{"l":[{"k":2,"m":false,"v":"x"},{"k":2,"m":true,"v":"y"}]}""", "y")]
    [InlineData("/l/*[k=$p]/v", """{"l":[{"k":"one","v":"x"},{"k":"five","v":"y"}]}""", "y")]
    [InlineData("/l/*[k={part}]/v", """{"l":[{"k":"North-1","v":"y"}]}""", "y")]
    [InlineData("/l/*[k=a/b]/v", """{"l":[{"k":"a/b","v":"y"}]}""", "y")]
    [InlineData("/at_{part}", """{"at_North-1":"x"}""", "x")]
    [InlineData("/a ?? /b", """{"b":"x"}""", "x")]
    [InlineData("/a ?? /b", """{"a":null,"b":"x"}""", "x")]
    [InlineData("/a | text ?? 'none'", "{}", "none")]
    [InlineData("'a | b ?? c'", "{}", "a | b ?? c")]
    [InlineData("$p", "{}", "five")]
    [InlineData("x-{part}", "{}", "x-North-1")]
    [InlineData("{part} | lower", "{}", "north-1")]
    [InlineData("/a | id", """{"a":"Line 0_ü"}""", "line-0--")]
    [InlineData("/a | mac", """{"a":"B8-A4:4F.12"}""", "b8a44f12")]
    [InlineData("/a | text", """{"a":1.50}""", "1.50")]
    [InlineData("/a | text", """{"a":true}""", "true")]
    [InlineData("/a | enum 1=one,*=many", """{"a":1}""", "one")]
    [InlineData("/a | enum 1=one,*=many", """{"a":"7"}""", "many")]
    [InlineData("/a | enum true=open,false=shut", """{"a":false}""", "shut")]
    [InlineData("/a | default 'none'", "{}", "none")]
    public void It_gives_this_text(string expression, string json, string text) =>
        Assert.Equal(text, ((EventReading)Profiles.Rule($"event: {{ type: \"{expression}\" }}").Taken(json).Readings.Single()).Type);

    [Theory]
    [InlineData("/a | int", """{"a":7}""", 7)]
    [InlineData("/a | text | int", """{"a":"7"}""", 7)]
    [InlineData("/a | text | int", """{"a":7}""", 7)]
    [InlineData("/a | int | default 3", "{}", 3)]
    [InlineData("/a | default 3 | int", "{}", 3)]
    [InlineData("/a ?? /b | text | int", """{"b":"4"}""", 4)]
    [InlineData("0 | int", "{}", 0)]
    [InlineData("/a | int | bit 0", """{"a":6}""", 0)]
    [InlineData("/a | int | bit 2", """{"a":6}""", 1)]
    [InlineData("/a | num | scale 10 | int", """{"a":0.5}""", 5)]
    [InlineData("/a | enum on=1,off=0 | int", """{"a":"on"}""", 1)]
    public void It_gives_this_whole_number(string expression, string json, int number) =>
        Assert.Equal(number, ((OccupancyReading)Profiles.Rule($"occupancy: {{ people: \"{expression}\" }}").Taken(json).Readings.Single()).People);

    [Theory]
    [InlineData("/a | int", """{"a":"7"}""", RefusalReason.PayloadFormat)]
    [InlineData("/a | int", """{"a":1e30}""", RefusalReason.ValueOutOfRange)]
    [InlineData("/a | text | int", """{"a":"7.5"}""", RefusalReason.PayloadFormat)]
    [InlineData("/a | text | int", """{"a":"0x7"}""", RefusalReason.PayloadFormat)]
    [InlineData("/a | text | int", """{"a":{}}""", RefusalReason.PayloadFormat)]
    [InlineData("/a | int", "{}", RefusalReason.PayloadFormat)]
    [InlineData("/a | int", """{"a":null}""", RefusalReason.PayloadFormat)]
    [InlineData("/a | int | default 3", """{"a":null}""", RefusalReason.PayloadFormat)]
    [InlineData("/a | enum x=1 | int", """{"a":"y"}""", RefusalReason.ValueOutOfRange)]
    [InlineData("/a | num | int", """{"a":0.5}""", RefusalReason.ValueOutOfRange)]
    [InlineData("/a | num | scale 1000 | int", """{"a":1e308}""", RefusalReason.ValueOutOfRange)]
    [InlineData("$q | int", "{}", RefusalReason.PayloadFormat)]
    public void It_refuses_this_as_a_whole_number(string expression, string json, RefusalReason reason) =>
        Assert.Equal(reason, Profiles.Rule($"occupancy: {{ people: \"{expression}\" }}").Map(json).Refusal!.Reason);

    [Fact]
    public void A_missing_value_has_a_default_and_null_has_none()
    {
        var profile = Profiles.Rule("health: { batteryPercent: /b | num | default 9, temperatureC: /t | num }");
        Assert.Equal(9, ((HealthReading)profile.Taken("""{"t":1}""").Readings.Single()).Values["batteryPercent"]);
        Assert.False(((HealthReading)profile.Taken("""{"b":null,"t":1}""").Readings.Single()).Values.ContainsKey("batteryPercent"));
        Assert.Equal(RefusalReason.PayloadFormat, profile.Map("""{"b":"full","t":1}""").Refusal!.Reason);
    }

    [Theory]
    [InlineData("/t | epoch s", """{"t":1795348800}""")]
    [InlineData("/t | epoch s", """{"t":1795348800.0}""")]
    [InlineData("/t | epoch s", """{"t":"1795348800"}""")]
    [InlineData("/t | epoch ms", """{"t":1795348800000}""")]
    [InlineData("/t | epoch us", """{"t":1795348800000000}""")]
    [InlineData("/t | iso", """{"t":"2026-11-22T12:00:00.000000001Z"}""")]
    [InlineData("/t | iso", """{"t":"2026-11-22T13:00:00+01:00"}""")]
    [InlineData("/t | iso Europe/Brussels", """{"t":"2026-11-22T13:00:00"}""")]
    [InlineData("/t | iso Europe/Brussels", """{"t":"2026-11-22T12:00:00Z"}""")]
    [InlineData("/t | iso $zone", """{"t":"2026-11-22 13:00:00"}""")]
    public void It_gives_noon(string expression, string json) =>
        Assert.Equal(Profiles.Noon, Profiles.Of($"time: \"{expression}\"\nreadings:\n  - {{ event: {{ type: \"'x'\" }} }}").Taken(json).Time);

    [Theory]
    [InlineData("/t | iso", """{"t":"2026-11-22T13:00:00"}""")]
    [InlineData("/t | iso $q", """{"t":"2026-11-22T13:00:00"}""")]
    [InlineData("/t | iso Europe/Brussels", """{"t":"2026-03-29T02:30:00"}""")]
    [InlineData("/t | iso Europe/Brussels", """{"t":"0001-01-01T00:00:00"}""")]
    [InlineData("/t | epoch s", """{"t":true}""")]
    [InlineData("/t | epoch s", """{"t":"soon"}""")]
    [InlineData("/t | epoch s", """{"t":1e17}""")]
    [InlineData("/t | epoch ms", """{"t":-1e17}""")]
    public void It_gives_no_instant(string expression, string json) =>
        Assert.Equal(RefusalReason.PayloadFormat, Profiles.Of($"time: \"{expression}\"\nreadings:\n  - {{ event: {{ type: \"'x'\" }} }}").Map(json).Refusal!.Reason);

    [Fact]
    public void In_the_hour_that_occurs_twice_the_later_one_counts() =>
        Assert.Equal(Square.At("2026-10-25T01:30:00Z"), Profiles.Of("time: /t | iso Europe/Brussels\nreadings:\n  - { event: { type: \"'x'\" } }").Taken("""{"t":"2026-10-25T02:30:00"}""", Square.At("2026-10-25T02:00:00Z")).Time);

    [Theory]
    [InlineData("/a/b")]
    [InlineData("/a == 1")]
    [InlineData("/a == 'x' && /b != 2")]
    [InlineData("/a ?? /b is not null")]
    [InlineData("/n is null")]
    [InlineData("/z is missing")]
    [InlineData("/z is not null")]
    [InlineData("/a | int | bit 1 == 0")]
    [InlineData("/t == true")]
    [InlineData("/f == $p")]
    [InlineData("{part} == 'North-1'")]
    [InlineData("/f == five", false)]
    [InlineData("/n == 1", false)]
    [InlineData("/n != 1", false)]
    [InlineData("/z != 1", false)]
    [InlineData("/n", false)]
    [InlineData("/n is not null", false)]
    [InlineData("/f | text | int == 5", false)]
    [InlineData("/f == $q", false)]
    [InlineData("/a == 2 && /f == $p", false)]
    public void A_condition_holds_or_not(string condition, bool holds = true)
    {
        var yaml = $"profile: t\nversion: 1\nmatch: {{ topic: 'a/{{device}}/{{part}}' }}\nparameters: {{ p: five, q: }}\nunmatched: drop\nreadings:\n  - {{ when: \"{condition}\", event: {{ type: \"'x'\" }} }}\n";
        if (Profiles.Read(yaml, out var found) is not { } profile)
        {
            Assert.False(holds);
            Assert.Contains("not a condition", found.Single().What, StringComparison.Ordinal);
            return;
        }

        var json = """{"a":1,"b":1,"n":null,"t":true,"f":"five"}""".Replace("\"a\":1", condition.StartsWith("/a/b", StringComparison.Ordinal) ? "\"a\":{\"b\":0}" : condition.Contains("'x'", StringComparison.Ordinal) ? "\"a\":\"x\"" : "\"a\":1", StringComparison.Ordinal);
        Assert.Equal(holds, profile.Map(json).Message is not null);
    }

    [Theory]
    [InlineData("/a | int | lower")]
    [InlineData("/a | scale 2")]
    [InlineData("/a | shout")]
    [InlineData("/a | bit 70")]
    [InlineData("/a | epoch h")]
    [InlineData("/a | iso Nowhere/Land")]
    [InlineData("/a | enum 1")]
    [InlineData("/a | enum 1=a,1=b")]
    [InlineData("/a | int | default x")]
    [InlineData("/a/* | int")]
    [InlineData("/a/{n} | int")]
    [InlineData("/a[k] | int")]
    [InlineData("/a[k=1 | int")]
    [InlineData("/a//b | int")]
    [InlineData("a | int")]
    [InlineData("x-{n} | int")]
    [InlineData("/a ?? /b | int ?? /c | num")]
    [InlineData("$nobody | int")]
    public void This_is_no_expression(string expression)
    {
        Assert.Null(Profiles.Read($"profile: t\nversion: 1\nmatch: {{ topic: 'a/{{device}}' }}\nreadings:\n  - {{ occupancy: {{ people: \"{expression}\" }} }}\n", out var found));
        Assert.All(found, problem => Assert.Equal(5, problem.Line));
    }
}
