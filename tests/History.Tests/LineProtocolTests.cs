using System.Globalization;

namespace Monitoring.History.Tests;

public sealed class LineProtocolTests
{
    // What is special to the protocol, to InfluxQL or to neither.
    private static readonly string[] Characters = [",", "=", " ", "\\", "\"", "'", "a", "Ü", "/", "-", ":", "#", "{", "é", "漢", "🚲", "i", "0"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    /// <summary>Names of which many cannot be written.</summary>
    internal static string AnyName(Random chance) => string.Concat(Enumerable.Range(0, chance.Next(1, 9)).Select(_ => Characters[chance.Next(Characters.Length)]));

    [Fact]
    public void A_line_is_as_the_documentation_writes_it() => Assert.Equal(
        @"my\ measure,place=a\,b\=c\ d,x=1 n=-5i,f=0.25,on=1i,off=0i,t=""say \""C:\\x\"", = ok"" 1763640000123",
        new LineProtocol("my measure").Tag("place", "a,b=c d").Tag("x", "1").Integer("n", -5).Float("f", 0.25).Flag("on", true).Flag("off", false)
            .Text("t", "say \"C:\\x\", = ok").At(DateTimeOffset.FromUnixTimeMilliseconds(1_763_640_000_123)));

    [Theory, MemberData(nameof(Seeds))]
    public void What_is_written_is_read_back_unchanged(int seed)
    {
        var chance = new Random(seed);
        var written = 0;
        for (var i = 0; i < 500; i++)
        {
            var (measurement, tag, value, field, text) = (AnyName(chance), AnyName(chance), AnyName(chance), AnyName(chance), AnyName(chance));
            var (integer, number, at) = (chance.NextInt64(long.MinValue, long.MaxValue), BitConverter.Int64BitsToDouble(chance.NextInt64(long.MinValue, long.MaxValue)), chance.NextInt64(0, 4_102_444_800_000));
            var line = new LineProtocol(measurement).Tag(tag, value).Integer(field + "1", integer).Float(field + "2", number).Text(field + "3", text).At(DateTimeOffset.FromUnixTimeMilliseconds(at));
            var isWritable = new[] { measurement, tag, value, field + "1" }.All(LineProtocol.IsName);
            Assert.Equal(isWritable, line is not null);
            if (line is null)
                continue;
            written++;
            var read = LineReader.Read(line);
            Assert.Equal((measurement, at), (read.Measurement, read.Ms));
            Assert.Equal([new(tag, value)], read.Tags);
            Assert.Equal(integer, read.Fields[field + "1"]);
            Assert.Equal(text, read.Fields[field + "3"]);
            Assert.Equal(double.IsFinite(number), read.Fields.ContainsKey(field + "2"));
            if (double.IsFinite(number))
                Assert.Equal(number, read.Fields[field + "2"]);
        }

        Assert.True(written > 100, $"Only {written} of 500 lines could be written.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("ends\\")]
    [InlineData("two\\\\slashes")]
    [InlineData("slash\\,comma")]
    [InlineData("slash\\=equals")]
    [InlineData("slash\\ space")]
    [InlineData("line\nend")]
    [InlineData("return\r")]
    [InlineData("tab\t")]
    [InlineData("nul\0")]
    public void A_name_without_a_form_makes_the_line_unwritable(string name)
    {
        Assert.Null(new LineProtocol("m").Tag("k", name).Integer("f", 1).At(default));
        Assert.Null(new LineProtocol("m").Tag(name, "v").Integer("f", 1).At(default));
        Assert.Null(new LineProtocol("m").Integer(name, 1).At(default));
        Assert.Null(new LineProtocol(name).Integer("f", 1).At(default));
    }

    [Fact]
    public void A_text_with_a_line_end_makes_the_line_unwritable() => Assert.Null(new LineProtocol("m").Text("f", "line\nend").At(default));

    [Fact]
    public void Half_a_character_makes_the_line_unwritable()
    {
        foreach (var half in new[] { "🚲"[..1], "🚲"[1..], "a" + "🚲"[1..] + "🚲"[..1] })
        {
            Assert.Null(new LineProtocol("m").Tag("k", half).Integer("f", 1).At(default));
            Assert.Null(new LineProtocol("m").Text("f", half).At(default));
        }
    }

    [Fact]
    public void A_lone_backslash_stands_for_itself() => Assert.Equal(@"m,k=a\b f=1i 0", new LineProtocol("m").Tag("k", @"a\b").Integer("f", 1).At(DateTimeOffset.UnixEpoch));

    [Fact]
    public void A_line_without_a_field_is_none() => Assert.Null(new LineProtocol("m").Tag("k", "v").Integer("n", null).Float("x", double.NaN).Text("t", null).At(default));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_is_left_out(double value) => Assert.Equal("m n=1i 0", new LineProtocol("m").Float("x", value).Integer("n", 1).At(DateTimeOffset.UnixEpoch));

    [Fact]
    public void Numbers_do_not_depend_on_the_language_of_the_machine()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal("m x=-1234.5,n=-7i -1500", new LineProtocol("m").Float("x", -1234.5).Integer("n", -7).At(DateTimeOffset.UnixEpoch.AddSeconds(-1.5)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
