using System.Text;
using System.Text.Json;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Intake;

/// <summary>The shape of a message names its fields and never holds a value.</summary>
public sealed class MessageShapeTests
{
    [Fact]
    public void Paths_and_types_are_told_in_the_order_of_the_message()
    {
        var shape = Of("""{"time":"2026-11-23T04:00:00Z","readings":[{"channel":"gate","count":{"in":17,"out":null}},{"channel":"x","count":{"in":"many","out":2}}],"ok":true,"none":[],"empty":{}}""");

        Assert.Equal(
            ["time: text", "readings[].channel: text", "readings[].count.in: number, text", "readings[].count.out: null, number", "ok: true or false", "none: list", "empty: object"],
            shape.Fields.Select(field => $"{field.Path}: {field.Type}"));
        Assert.Equal((MessageForm.Json, false), (shape.Form, shape.IsCut));
    }

    [Theory]
    [InlineData("""{"a":48151623,"b":"48151623","c":[48151623],"d":{"e":"x48151623"}}""")]
    [InlineData("""{"counts":{"48151623":1},"48151623":{"x":1},"48151623T04":2,"-48151623":3}""")]
    [InlineData("""{"id48151623":1,"track_48151623":{"x":1},"gate-48151623":2,"ZH 48151623":3,"a4:5e:48151623":{"rssi":-60},"48151623@x":4,"_48151623":5}""")]
    [InlineData("""48151623""")]
    [InlineData("""["48151623",{"x":"48151623"}]""")]
    [InlineData("""count=48151623""")]
    public void No_value_is_in_it_not_even_one_that_stands_for_a_name(string body) =>
        Assert.DoesNotContain("48151623", JsonSerializer.Serialize(Of(body)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", MessageForm.Empty)]
    [InlineData("7", MessageForm.Json)]
    [InlineData("{\"a\":", MessageForm.Text)]
    [InlineData("in=3;out=4", MessageForm.Text)]
    public void What_it_is_as_a_whole_is_told(string body, MessageForm form) => Assert.Equal(form, Of(body).Form);

    [Fact]
    public void Bytes_that_are_no_text_are_called_so() => Assert.Equal(MessageForm.Bytes, MessageShape.Of(new byte[] { 0x7B, 0xFF, 0xFE }).Form);

    [Fact]
    public void Size_paths_depth_names_and_work_are_bounded()
    {
        Assert.Equal(MessageForm.Json, Of($"\"{new string('x', MessageShape.BytesMax - 2)}\"").Form);
        Assert.Equal(MessageForm.TooLarge, Of($"\"{new string('x', MessageShape.BytesMax - 1)}\"").Form);

        Assert.Equal((MessageShape.FieldsMax, false), Counted(Of(Fields(MessageShape.FieldsMax))));
        Assert.Equal((MessageShape.FieldsMax, true), Counted(Of(Fields(MessageShape.FieldsMax + 1))));

        Assert.False(Of(Deep(MessageShape.DepthMax)).IsCut);
        Assert.True(Of(Deep(MessageShape.DepthMax + 1)).IsCut);
        Assert.Equal(MessageForm.Text, Of(Deep(40)).Form);

        var name = Assert.Single(Of($"{{\"{new string('n', 10_000)}\":1}}").Fields).Path;
        Assert.Equal((MessageShape.NameCharsMax, '…'), (name.Length, name[^1]));

        var wide = Of($"{{\"{new string('a', 40)}\":{{\"{new string('b', 40)}\":{{\"{new string('c', 40)}\":1}}}}}}");
        Assert.Equal((MessageShape.PathCharsMax, true), (Assert.Single(wide.Fields).Path.Length, wide.IsCut));

        Assert.False(Of($"[{string.Join(',', Enumerable.Repeat("1", MessageShape.ValuesMax - 1))}]").IsCut);
        Assert.True(Of($"[{string.Join(',', Enumerable.Repeat("1", MessageShape.ValuesMax))}]").IsCut);
    }

    [Theory]
    [InlineData("a\\nb")]
    [InlineData("a\\u001b[31mb")]
    [InlineData("a\\u202eb")]
    [InlineData("a\\u200bb")]
    [InlineData("a\\u2066b")]
    [InlineData("a\\u2028b")]
    [InlineData("a\\u00a0b")]
    [InlineData("a\\ufeffb")]
    [InlineData("a\\u3164b")]
    [InlineData("a\\ufe0fb")]
    public void A_name_cannot_turn_hide_or_break_the_line(string name) => Assert.Contains(NameOf(name), (string[])["*", "a\uFFFDb"]);

    [Theory]
    [InlineData("a4:5e:60:c1:d2:e3")]
    [InlineData("aa:bb:cc:dd:ee:ff")]
    [InlineData("ZH 12345")]
    [InlineData("ZH-12345")]
    [InlineData("id17")]
    [InlineData("id7")]
    [InlineData("track_17")]
    [InlineData("1_2_a")]
    [InlineData("a_1_2")]
    [InlineData("7_a")]
    [InlineData("someone@example")]
    [InlineData("Anna B")]
    [InlineData("٣x")]
    [InlineData("x²")]
    [InlineData("switch:0")]
    public void A_name_that_could_be_a_value_is_not_told(string name) => Assert.Equal("*", NameOf(name));

    [Theory]
    [InlineData("line_1_total_in")]
    [InlineData("region_8")]
    [InlineData("gpio_counter_2")]
    [InlineData("CountIn")]
    [InlineData("zone.total-in")]
    [InlineData("$schema")]
    [InlineData("Zähler/Süd")]
    public void A_name_as_makers_give_it_is_told(string name) => Assert.Equal(name, NameOf(name));

    [Fact]
    public void A_table_is_told_without_its_names()
    {
        Assert.Equal("aaaa", Of(Table(MessageShape.AlikeMax)).Fields[0].Path[..4]);
        Assert.Equal([new ShapeField("*.seen", "true or false"), new ShapeField("*", "text")], Of(Table(MessageShape.AlikeMax + 1)).Fields);

        static string Table(int rows) => $"{{{string.Join(',', Enumerable.Range(0, rows).Select(i => $"\"{new string((char)('a' + i), 4)}\":{{\"seen\":true}}"))},\"site\":\"x\"}}";
    }

    [Fact]
    public void A_name_that_is_half_a_pair_is_no_text() => Assert.Equal("\uFFFD", Assert.Single(Of("{\"\\ud800\":1}").Fields).Path);

    [Fact]
    public void A_text_in_which_something_was_replaced_is_not_plain() => Assert.False(ShownText.IsPlain(ShownText.Of("plc/\u202Enorth", 64)));

    [Fact]
    public void Names_of_people_and_places_stay_as_they_are() => Assert.True(ShownText.IsPlain("Zähler Süd, Žižkov № 3 – Приём"));

    private static MessageShape Of(string body) => MessageShape.Of(Encoding.UTF8.GetBytes(body));

    private static (int, bool) Counted(MessageShape shape) => (shape.Fields.Count, shape.IsCut);

    private static string NameOf(string name) => Assert.Single(Of($"{{\"{name}\":1}}").Fields).Path;

    // Of many types, so that it is no table.
    private static string Fields(int count) =>
        $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"f{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}\":{(i % 4) switch { 0 => "1", 1 => "true", 2 => "null", _ => "[]" }}"))}}}";

    private static string Deep(int names) => string.Concat(Enumerable.Repeat("{\"a\":", names)) + "1" + new string('}', names);
}
