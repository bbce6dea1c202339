using System.IO.Pipelines;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Intake;

namespace Monitoring.Gateway.Equipment;

/// <summary>Stands between the socket and MQTTnet: lets only whole packets of a permitted size through, and ends everything else at once.</summary>
/// <remarks>MQTTnet 5.2 spins for ever on a half packet whose sender has closed, and buffers a packet of any declared length.</remarks>
internal sealed class PacketGuard(PipeReader inner, IntakeOptions limits) : PipeReader
{
    private volatile bool _hadConnect;
    private volatile bool _ended;

    /// <summary>Whether the first packet is complete.</summary>
    public bool HadConnect => _hadConnect;

    /// <summary>Hears of a packet that breaks the rules, before the connection ends.</summary>
    public Func<Refusal, long, Task>? OnRefused { get; set; }

    /// <summary>Makes the reader see the end of the connection, now.</summary>
    public void End()
    {
        _ended = true;
        inner.CancelPendingRead();
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(cancellationToken);
        if (!reading.IsCompletedSuccessfully)
            return ReadOnAsync(reading, cancellationToken);
        var result = reading.Result;
        return Judge(result, out _, out _) == Verdict.Pass
            ? new ValueTask<ReadResult>(result)
            : ReadOnAsync(new ValueTask<ReadResult>(result), cancellationToken);
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    // MQTTnet completes with an exception, on which Kestrel cuts the socket and the last answers with it.
    public override void Complete(Exception? exception = null) => inner.Complete();

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException("MQTTnet reads with ReadAsync.");

    private async ValueTask<ReadResult> ReadOnAsync(ValueTask<ReadResult> reading, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await reading;
            switch (Judge(result, out var refusal, out var bytes))
            {
                case Verdict.Pass:
                    return result;
                case Verdict.End:
                    if (refusal is not null && OnRefused is { } tell)
                        await tell(refusal, bytes);
                    _ended = true;
                    return new ReadResult(result.Buffer.Slice(0, 0), isCanceled: false, isCompleted: true);
                default:
                    inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                    reading = inner.ReadAsync(cancellation);
                    break;
            }
        }
    }

    private Verdict Judge(in ReadResult result, out Refusal? refusal, out long bytes)
    {
        (refusal, bytes) = (null, result.Buffer.Length);
        if (_ended)
            return Verdict.End;
        PacketHeader? header;
        try
        {
            header = PacketHeader.Read(result.Buffer);
        }
        catch (InvalidDataException broken)
        {
            refusal = new Refusal(RefusalReason.Protocol, broken.Message);
            return Verdict.End;
        }

        if (header is { } known)
        {
            bytes = known.Bytes;
            refusal = Problem(known);
            if (refusal is not null)
                return Verdict.End;
            if (result.Buffer.Length >= known.Bytes)
            {
                _hadConnect = true;
                return Verdict.Pass;
            }
        }

        if (!result.IsCompleted)
            return Verdict.Wait;
        if (!result.Buffer.IsEmpty)
            refusal = new Refusal(RefusalReason.Protocol, "the connection ended within a packet");
        return Verdict.End;
    }

    private Refusal? Problem(PacketHeader header)
    {
        if (_hadConnect)
            return header.Bytes > limits.PacketBytesMax ? new Refusal(RefusalReason.TooLarge, $"a packet announces {header.Bytes} bytes; at most {limits.PacketBytesMax} are read") : null;
        if (header.First != PacketHeader.Connect)
            return new Refusal(RefusalReason.Protocol, "the first packet is no CONNECT");
        return header.Bytes > limits.ConnectBytesMax ? new Refusal(RefusalReason.TooLarge, $"the CONNECT announces {header.Bytes} bytes; at most {limits.ConnectBytesMax} are read") : null;
    }

    private enum Verdict
    {
        Wait,
        Pass,
        End,
    }
}
