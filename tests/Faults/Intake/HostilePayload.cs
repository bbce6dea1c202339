using System.Text;

namespace Monitoring.Faults.Intake;

/// <summary>What the hub has to make of a payload.</summary>
internal enum Expected
{
    Any,
    Accepted,
    Refused,
}

/// <summary>A payload on the topic that the sender may publish to.</summary>
internal sealed record HostilePayload(byte[] Bytes, Expected Expected)
{
    /// <summary>Over every packet limit of the hub.</summary>
    private const int TenMegabytes = 10_000_000;

    /// <summary>Over the native format's limit, under the packet's.</summary>
    private static readonly int[] TooManyBytes = [16_385, 20_000, 100_000, 250_000];

    /// <summary>Makes one.</summary>
    /// <param name="chance">The case's chance.</param>
    /// <param name="now">Instant that good stamps lie at.</param>
    public static HostilePayload Of(Chance chance, DateTimeOffset now)
    {
        if (chance.OneIn(250))
            return new(new byte[TenMegabytes], Expected.Refused);
        return chance.Below(10) switch
        {
            0 => Text(GoodMessage.Of(chance, now), Expected.Accepted),
            1 or 2 or 3 or 4 => Poisoned(chance, now),
            5 or 6 or 7 => Text(Mutated(chance, GoodMessage.Of(chance, now)), Expected.Any),
            8 => new(chance.Spoil(chance.Spoil(Encode(GoodMessage.Of(chance, now)))), Expected.Any),
            _ => new(chance.Bytes(chance.Below(300)), Expected.Any),
        };
    }

    /// <summary>Up to four values replaced by ones that do not belong there.</summary>
    private static Json Mutated(Chance chance, Json message)
    {
        for (var i = chance.Below(4); i >= 0; i--)
            message = message.With(chance.Of([.. message.Values()]), WrongValues.Any(chance));
        return message;
    }

    private static HostilePayload Poisoned(Chance chance, DateTimeOffset now)
    {
        var good = Encode(GoodMessage.Of(chance, now));
        return chance.Below(12) switch
        {
            0 or 1 or 2 => Text(GoodMessage.Of(chance, now, GoodMessage.Count(new Json.Raw(chance.Of(WrongValues.Counts)))), Expected.Refused),
            3 => Text(GoodMessage.Of(chance, now, Json.Object(("channel", Json.Text(chance.Of(HostileText.Confusables))), ("count", Json.Object(("in", Json.Number(1)), ("out", Json.Number(1)))))), Expected.Refused),
            4 => Text(GoodMessage.Of(chance, now, Json.Object(("channel", Json.Text("gate")), ("c\u043eunt", Json.Object(("in", Json.Number(1)), ("out", Json.Number(1)))))), Expected.Refused),
            5 => Text(GoodMessage.Of(chance, now, new Json.Obj([("\"channel\"", Json.Text("gate")), (chance.Of("\"channel\"", "\"ch\\u0061nnel\""), Json.Text("gate")), ("\"position\"", Json.Text("raised"))])), Expected.Refused),
            6 => Text(GoodMessage.Of(chance, now, WrongValues.Deep(chance, 8)), Expected.Refused),
            7 => Text(GoodMessage.Of(chance, now, new Json.Obj([("\"channel\"", new Json.Raw("\"gate\\ud800\"")), ("\"position\"", Json.Text("raised"))])), Expected.Refused),
            8 => new([.. chance.Of<byte[]>([0xEF, 0xBB, 0xBF], [0], "/* */"u8.ToArray(), [0xFF]), .. good], Expected.Refused),
            9 => new([.. good, .. chance.Of(","u8.ToArray(), "{}"u8.ToArray(), [0], [0x1B, 0x5B, 0x6D])], Expected.Refused),
            10 => new([.. good, .. Enumerable.Repeat((byte)' ', chance.Of(TooManyBytes))], Expected.Refused),
            _ => Text(GoodMessage.Of(chance, now, [.. Enumerable.Repeat(Json.Object(("position", Json.Text("raised"))), 201 + chance.Below(100))]), Expected.Refused),
        };
    }

    private static HostilePayload Text(Json message, Expected expected) => new(Encode(message), expected);

    private static byte[] Encode(Json message) => Encoding.UTF8.GetBytes(message.Write());
}
