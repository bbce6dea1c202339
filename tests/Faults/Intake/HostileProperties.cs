namespace Monitoring.Faults.Intake;

/// <summary>Properties of MQTT 5: any of them anywhere, twice, with the wrong length, or unknown ones.</summary>
internal static class HostileProperties
{
    private static readonly byte[] Bytes = [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A], Twos = [0x13, 0x21, 0x22, 0x23], Fours = [0x02, 0x11, 0x18, 0x27], Texts = [0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F], Binaries = [0x09, 0x16];

    /// <summary>With their length in front.</summary>
    public static byte[] Of(Chance chance)
    {
        byte[] all = [];
        for (var i = chance.Below(4); i > 0; i--)
        {
            var one = One(chance);
            all = chance.OneIn(4) ? [.. all, .. one, .. one] : [.. all, .. one];
        }

        var length = chance.OneIn(8) ? PacketBytes.Length(chance.Of(0, all.Length + 1, 127, 128, 16_384, 268_435_455)) : PacketBytes.Length(all.Length);
        return chance.OneIn(30) ? [0x80, 0x80, 0x80, 0x80, 0x01, .. all] : [.. length, .. all];
    }

    private static byte[] One(Chance chance) => chance.Below(8) switch
    {
        0 => [chance.Of(Bytes), (byte)chance.Of(0, 1, 2, 255)],
        1 or 2 => [chance.Of(Twos), .. PacketBytes.Number(chance.Of(0, 1, 10, 65_535))],
        3 => [chance.Of(Fours), .. chance.Bytes(4)],
        4 => [chance.Of(Texts), .. PacketBytes.Text(HostileText.Any(chance))],
        5 => [chance.Of(Binaries), .. PacketBytes.Binary(chance.Bytes(chance.Below(40)))],
        6 => [0x26, .. PacketBytes.Text(HostileText.Any(chance)), .. PacketBytes.Text(HostileText.Any(chance))],
        _ => [(byte)chance.Below(256), .. chance.Bytes(chance.Below(6))],
    };
}
