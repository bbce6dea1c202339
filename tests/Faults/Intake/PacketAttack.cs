namespace Monitoring.Faults.Intake;

/// <summary>One connection that sends packets of any shape and ends in any way; the hub has to answer or end it, never to keep it waiting.</summary>
internal sealed class PacketAttack(int port, string secret)
{
    private const int LastPacket = 0xFEFE;

    /// <summary>Plays a case.</summary>
    public async Task PlayAsync(Chance chance)
    {
        var bytes = Conversation(chance);
        using var connection = await RawConnection.OpenAsync(port);
        try
        {
            await PlayAsync(chance, connection, bytes);
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Sent {Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 2_000)))}", wrong);
        }
    }

    private static async Task PlayAsync(Chance chance, RawConnection connection, byte[] bytes)
    {
        await SendAsync(chance, connection, bytes);
        if (chance.OneIn(6))
        {
            connection.Reset();
            return;
        }

        // Where the hub owes something, it must say so without being told of the end of the connection.
        if (PacketBytes.AreComplete(bytes))
            await AskAsync(chance, connection);
        connection.EndSending();
        while (await connection.ReadAsync() is not null)
        {
        }
    }

    // Acknowledgements keep their order: that of the last message comes after all others, that of a ping may come before.
    private static async Task AskAsync(Chance chance, RawConnection connection)
    {
        var isPing = chance.OneIn(3);
        if (!await connection.SendAsync(isPing ? PacketBytes.PingReq : PacketBytes.Message(chance.Of(4, 5), HostileSite.Topic, LastPacket, "{}"u8.ToArray())))
            return;
        while (await connection.ReadAsync() is { } answer)
        {
            if (isPing ? answer.First == PacketBytes.PingResp : answer.First == PacketBytes.PubAck && answer.Body.AsSpan().StartsWith(PacketBytes.Number(LastPacket)))
                return;
        }
    }

    private byte[] Conversation(Chance chance)
    {
        var version = chance.Of(4, 5);
        var bytes = chance.Below(10) switch
        {
            0 => chance.Bytes(1 + chance.Below(200)),
            1 => [],
            2 or 3 => HostilePackets.Connect(chance, version, secret),
            _ => PacketBytes.SignIn(version, chance.Of("", "same", $"c{chance.Below(1_000_000)}"), HostileSite.Hostile, secret),
        };
        for (var i = chance.Below(6); i > 0; i--)
            bytes = [.. bytes, .. HostilePackets.Next(chance, version, secret)];
        if (chance.OneIn(6))
            bytes = chance.Spoil(bytes);
        return chance.OneIn(5) ? bytes[..chance.Below(bytes.Length + 1)] : bytes;
    }

    private static async Task SendAsync(Chance chance, RawConnection connection, byte[] bytes)
    {
        var step = chance.OneIn(4) ? 1 + chance.Below(40) : Math.Max(1, bytes.Length);
        if (bytes.Length / step > 200)
            step = bytes.Length / 200;
        for (var at = 0; at < bytes.Length; at += step)
        {
            if (!await connection.SendAsync(bytes.AsMemory(at, Math.Min(step, bytes.Length - at))))
                return;
        }
    }
}
