namespace Monitoring.Domain.Intake;

/// <summary>Recognises a message that a device sent twice by the number the device gave it.</summary>
/// <remarks>
/// A device that restarts begins again at a small number. A repeat is as old as its first, a restart is newer than
/// everything seen; without stamps only a number close below the highest is a repeat.
/// </remarks>
public sealed class SequenceMemory
{
    /// <summary>Most ranges of numbers kept, unless another number is given; gaps use them up. Beyond it the lowest is forgotten.</summary>
    public const int RangesMax = 256;

    /// <summary>Without stamps: how far below the highest number a repeat may lie. MQTT clients repeat what was in flight, commonly at most 64.</summary>
    public const int RedeliveryWindow = 64;

    /// <summary>Numbers seen, as half-open ranges in order.</summary>
    public List<SequenceRange> Ranges { get; init; } = [];

    /// <summary>Newest stamp seen with a number.</summary>
    public DateTimeOffset NewestTime { get; set; } = DateTimeOffset.MinValue;

    /// <summary>How many ranges were forgotten because there were too many.</summary>
    public long Forgotten { get; set; }

    /// <summary>Whether the message was seen before; if not, remembers it.</summary>
    /// <param name="sequence">The device's number.</param>
    /// <param name="time">The device's stamp; null where it gives none or its clock is faulty.</param>
    /// <param name="rangesMax">Most ranges kept.</param>
    public bool IsRepeat(long sequence, DateTimeOffset? time, int rangesMax = RangesMax)
    {
        var index = Ranges.FindIndex(range => sequence >= range.From && sequence < range.To);
        if (index >= 0)
        {
            var repeat = time is { } stamp ? stamp <= NewestTime : sequence > Ranges[^1].To - 1 - RedeliveryWindow;
            if (repeat)
                return true;
            Ranges.Clear();
        }

        Insert(sequence);
        var over = Ranges.Count - rangesMax;
        if (over > 0)
        {
            Ranges.RemoveRange(0, over);
            Forgotten += over;
        }

        if (time > NewestTime)
            NewestTime = time.Value;
        return false;
    }

    private void Insert(long sequence)
    {
        var at = Ranges.FindIndex(range => range.To >= sequence);
        if (at < 0)
            Ranges.Add(new SequenceRange(sequence, sequence + 1));
        else if (Ranges[at].To == sequence)
            Ranges[at] = Ranges[at] with { To = sequence + 1 };
        else if (Ranges[at].From == sequence + 1)
            Ranges[at] = Ranges[at] with { From = sequence };
        else
            Ranges.Insert(at, new SequenceRange(sequence, sequence + 1));
        if (at >= 0 && at + 1 < Ranges.Count && Ranges[at].To == Ranges[at + 1].From)
        {
            Ranges[at] = Ranges[at] with { To = Ranges[at + 1].To };
            Ranges.RemoveAt(at + 1);
        }
    }
}

/// <summary>A half-open range of message numbers.</summary>
/// <param name="From">First number, included.</param>
/// <param name="To">Last number, excluded.</param>
public readonly record struct SequenceRange(long From, long To);
