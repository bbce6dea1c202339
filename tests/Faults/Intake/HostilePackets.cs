namespace Monitoring.Faults.Intake;

/// <summary>Packets of equipment, each with fields that may be wrong.</summary>
internal static class HostilePackets
{
    /// <summary>A sign-in: odd protocol, flags, will, name or secret.</summary>
    public static byte[] Connect(Chance chance, int version, string secret)
    {
        var flags = chance.OneIn(3) ? chance.Below(256) : chance.Of(0xC2, 0xC6, 0xF6, 0xDE, 0x82, 0x42, 0x02, 0xC3, 0xC0);
        byte[] body =
        [
            .. PacketBytes.Text(chance.OneIn(8) ? chance.Of("MQIsdp", "mqtt", "", "MQTT\0", HostileText.Any(chance)) : "MQTT"),
            (byte)(chance.OneIn(8) ? chance.Of(0, 3, 4, 5, 6, 0x84, 255) : version),
            (byte)flags,
            .. PacketBytes.Number(chance.Of(0, 1, 60, 600, 65_535)),
            .. version == 5 ? HostileProperties.Of(chance) : [],
            .. chance.OneIn(10) ? BrokenText(chance) : PacketBytes.Text(chance.Of("", "same", HostileText.Any(chance))),
        ];
        if ((flags & 0x04) != 0)
            body = [.. body, .. version == 5 ? HostileProperties.Of(chance) : [], .. PacketBytes.Text(HostileText.Topic(chance)), .. PacketBytes.Binary(chance.Bytes(chance.Below(50)))];
        if ((flags & 0x80) != 0)
            body = [.. body, .. PacketBytes.Text(chance.OneIn(3) ? HostileText.Any(chance) : HostileSite.Hostile)];
        if ((flags & 0x40) != 0)
            body = [.. body, .. chance.OneIn(3) ? PacketBytes.Binary(chance.Bytes(chance.Of(0, 1, 600))) : PacketBytes.Text(secret)];
        return Framed(chance, chance.OneIn(10) ? 0x10 | chance.Below(16) : 0x10, body);
    }

    /// <summary>What follows a sign-in.</summary>
    public static byte[] Next(Chance chance, int version, string secret) => chance.Below(14) switch
    {
        0 or 1 or 2 or 3 or 4 => Publish(chance, version),
        5 or 6 => Framed(chance, chance.Of(0x82, 0x80, 0x8F), [.. Id(chance), .. Properties(chance, version), .. PacketBytes.Text(HostileText.Topic(chance)), (byte)chance.Below(256)]),
        7 => Framed(chance, chance.Of(0xA2, 0xA0), [.. Id(chance), .. Properties(chance, version), .. PacketBytes.Text(HostileText.Topic(chance))]),
        8 => Framed(chance, chance.Of(0x40, 0x50, 0x62, 0x60, 0x70), [.. Id(chance), (byte)chance.Below(256), .. Properties(chance, version)]),
        9 => Framed(chance, 0xE0, [(byte)chance.Of(0, 4, 0x8E, 0x81, 0xFF, chance.Below(256)), .. Properties(chance, version)]),
        10 => Connect(chance, version, secret),
        11 => Framed(chance, chance.Of(0x20, 0x90, 0xB0, 0xD0, 0xF0, 0x00), chance.Bytes(chance.Below(12))),
        12 => chance.OneIn(2) ? PacketBytes.PingReq : Framed(chance, 0xC0 | chance.Below(16), chance.Bytes(chance.Below(3))),
        _ => chance.Bytes(1 + chance.Below(64)),
    };

    private static byte[] Publish(Chance chance, int version)
    {
        var first = 0x30 | (chance.OneIn(3) ? chance.Below(16) : chance.Of(0, 2, 2, 3));
        var topic = chance.Below(6) switch
        {
            0 => BrokenText(chance),
            1 or 2 => PacketBytes.Text(HostileText.Topic(chance)),
            _ => PacketBytes.Text(HostileSite.Topic),
        };
        var payload = HostilePayload.Of(chance, TimeProvider.System.GetUtcNow()).Bytes;
        return Framed(chance, first, [.. topic, .. (first & 6) == 0 ? [] : Id(chance), .. version == 5 ? chance.OneIn(2) ? [(byte)0] : HostileProperties.Of(chance) : Array.Empty<byte>(), .. payload]);
    }

    private static byte[] Id(Chance chance) => PacketBytes.Number(chance.Of(0, 1, 1, 2, 3, 65_535));

    private static byte[] Properties(Chance chance, int version) => version == 5 ? HostileProperties.Of(chance) : [];

    /// <summary>A text field whose length or encoding is wrong.</summary>
    private static byte[] BrokenText(Chance chance) => chance.Below(4) switch
    {
        0 => [0xFF, 0xFF, .. chance.Bytes(10)],
        1 => PacketBytes.Binary(chance.Of<byte[]>([0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC0, 0x80], [0x80])),
        2 => PacketBytes.Binary(chance.Bytes(chance.Below(300))),
        _ => [0],
    };

    /// <summary>A packet whose announced length may be wrong or longer than it need be.</summary>
    private static byte[] Framed(Chance chance, int first, byte[] body) => chance.Below(30) switch
    {
        0 => [(byte)first, .. PacketBytes.Length(chance.Of(0, Math.Max(0, body.Length - 1), body.Length + 1, body.Length + 100, 262_144, 10_000_000, 268_435_455)), .. body],
        1 when body.Length < 128 => [(byte)first, (byte)(body.Length | 0x80), 0, .. body],
        2 => [(byte)first, 0xFF, 0xFF, 0xFF, 0xFF, .. body],
        _ => PacketBytes.Packet(first, body),
    };
}
