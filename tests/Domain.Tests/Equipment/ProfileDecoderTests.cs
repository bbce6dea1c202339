using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

public sealed class ProfileDecoderTests
{
    private static readonly EquipmentProfile Tags = Profiles.Of("""
        decode:
          from: /d | hex
          tlv: { 0101: { a: u8, b: i16le }, 0202: { c: u32be }, 0303: { gap: skip2 } }
        readings:
          - { when: ~/a, channel: "'a'", total: { in: ~/a | int, out: 0 | int } }
          - { when: ~/b, channel: "'b'", event: { type: "'b'", code: ~/b | int } }
          - { when: ~/c, channel: "'c'", total: { in: ~/c | int, out: 0 | int } }
        """);

    [Theory]
    [InlineData("0101FFFEFF", "a 255, b -2")]
    [InlineData("0202FFFFFFFF", "c 4294967295")]
    [InlineData("03030000020200000001030300000303FFFF", "c 1")]
    [InlineData("010100000002020000000a", "a 0, b 0, c 10")]
    [InlineData("0101ff0000ff", "partly-decoded 0, a 255, b 0")]
    [InlineData("0101ff00000909aa", "partly-decoded 2313, a 255, b 0")]
    [InlineData("0101ff0000020200", "partly-decoded 514, a 255, b 0")]
    [InlineData("0101ff00000101ee0000", "partly-decoded 257, a 255, b 0")]
    public void Bytes_are_read_until_something_that_has_no_name(string hex, string fields) =>
        Assert.Equal(fields, string.Join(", ", Tags.Taken($$"""{"d":"{{hex}}"}""").Readings.Select(reading => reading is TotalReading total ? $"{total.Channel} {total.In}" : $"{((EventReading)reading).Type} {((EventReading)reading).Code}")));

    [Theory]
    [InlineData("""{"d":"0"}""")]
    [InlineData("""{"d":"xx"}""")]
    [InlineData("""{"d":7.5}""")]
    [InlineData("""{"d":{}}""")]
    [InlineData("""{"d":""}""")]
    [InlineData("""{"d":null}""")]
    [InlineData("{}")]
    public void What_is_not_hex_or_says_nothing_is_refused(string json) =>
        Assert.Equal(RefusalReason.PayloadFormat, Tags.Map(json).Refusal!.Reason);

    [Fact]
    public void A_fixed_row_has_its_length()
    {
        var row = Profiles.Of("decode: { from: /d | hex, fields: { in: u32be, out: u32be, flags: u8 } }\nreadings:\n  - { when: ~/in, total: { in: ~/in | int, out: ~/out | int } }\n  - { when: ~/flags | int | bit 3 == 1, event: { type: \"'stuck'\" } }");
        Assert.Equal([new TotalReading("", Profiles.Noon, 2, 3, null), new EventReading("", Profiles.Noon, "stuck", null)], row.Taken("""{"d":"00000002000000030f"}""").Readings);
        Assert.Equal([new EventReading("", Profiles.Noon, "partly-decoded", 0)], row.Taken("""{"d":"0000000200000003"}""").Readings);
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Whatever_bytes_come_it_answers(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            for (var k = 0; k + 1 < bytes.Length && random.Next(2) == 0; k += 2)
                bytes[k] = bytes[k + 1] = (byte)random.Next(1, 4);
            var outcome = Tags.Map($$"""{"d":"{{Convert.ToHexString(bytes)}}"}""");
            Assert.True(outcome.Message is null ^ outcome.Refusal is null);
        }
    }
}
