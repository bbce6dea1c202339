using System.Collections.Concurrent;
using System.Text;

namespace Monitoring.Faults.Intake;

/// <summary>Connections that sign in as they should and publish payloads of any shape: each gets its answer, or the connection ends, never both.</summary>
internal sealed class PayloadAttack(int port, string secret) : IDisposable
{
    private const int PayloadFormatInvalid = 0x99;

    private readonly ConcurrentBag<Sender> _idle = [];
    private int _opened;
    private long _answered;
    private long _accepted;
    private long _ended;

    /// <summary>Messages that were answered with PUBACK.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Of these, those that MQTT 5 said were accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Messages for which the hub ended the connection.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>Plays a case on an open connection, or on a new one.</summary>
    public async Task PlayAsync(Chance chance)
    {
        var payload = HostilePayload.Of(chance, TimeProvider.System.GetUtcNow());
        if (!_idle.TryTake(out var sender))
            sender = await OpenAsync();
        try
        {
            if (await AskAsync(sender, payload))
                _idle.Add(sender);
            else
                sender.Connection.Dispose();
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException)
        {
            throw new InvalidOperationException($"MQTT {(sender.Version == 5 ? "5.0" : "3.1.1")}, expected {payload.Expected}, payload of {payload.Bytes.Length} bytes: {Encoding.UTF8.GetString(payload.Bytes.AsSpan(0, Math.Min(payload.Bytes.Length, 2_000)))}", wrong);
        }
    }

    public void Dispose()
    {
        foreach (var sender in _idle)
            sender.Connection.Dispose();
    }

    private async Task<Sender> OpenAsync()
    {
        var number = Interlocked.Increment(ref _opened);
        var version = number % 4 == 0 ? 4 : 5;
        var connection = await RawConnection.OpenAsync(port);
        Assert.True(await connection.SendAsync(PacketBytes.SignIn(version, $"payload-{number}", HostileSite.Hostile, secret)));
        Assert.True(await connection.ReadAsync() is { First: PacketBytes.ConnAck, Body: [_, 0, ..] }, "the sign-in was refused");
        return new Sender(connection, version);
    }

    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> AskAsync(Sender sender, HostilePayload payload)
    {
        var packet = sender.Next();
        var message = PacketBytes.Message(sender.Version, HostileSite.Topic, packet, payload.Bytes);
        var isTooLarge = message.Length > PacketBytes.PacketBytesMax;
        var isSent = await sender.Connection.SendAsync(message);
        if (await sender.Connection.ReadAsync() is not { First: PacketBytes.PubAck } answer)
        {
            // After ten messages that cannot be right the hub ends a connection of 3.1.1, which cannot be told.
            Assert.True(isTooLarge || (sender.Version == 4 && payload.Expected != Expected.Accepted), "the connection ended");
            Assert.Null(await sender.Connection.ReadAsync());
            Interlocked.Increment(ref _ended);
            return false;
        }

        Assert.True(isSent && !isTooLarge);
        Assert.Equal(PacketBytes.Number(packet), answer.Body[..2]);
        Interlocked.Increment(ref _answered);
        if (sender.Version == 5)
            Check(answer.Body, payload.Expected);
        return true;
    }

    private void Check(byte[] answer, Expected expected)
    {
        var code = answer.Length > 2 ? answer[2] : 0;
        if (code == 0)
        {
            Assert.NotEqual(Expected.Refused, expected);
            Interlocked.Increment(ref _accepted);
            return;
        }

        var reason = Reason(answer);
        Assert.Equal(PayloadFormatInvalid, code);
        Assert.True(expected != Expected.Accepted, $"refused: {reason}");
        Assert.True(reason.Length > 10, "no reason is given");
        Assert.DoesNotContain(HostileText.Mark, reason, StringComparison.Ordinal);
        Assert.DoesNotContain(reason, char.IsControl);
    }

    /// <summary>The reason string, which is the only property that the hub puts into a PUBACK.</summary>
    private static string Reason(byte[] answer)
    {
        var at = 3;
        while ((answer[at++] & 0x80) != 0)
        {
        }

        Assert.Equal(0x1F, answer[at]);
        return Encoding.UTF8.GetString(answer.AsSpan(at + 3));
    }

    private sealed record Sender(RawConnection Connection, int Version)
    {
        private int _packet;

        public int Next() => _packet = _packet % 65_535 + 1;
    }
}
