using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Gateway.Intake;

/// <summary>What became of messages since the start: counters, and the refused ones of late.</summary>
internal sealed class IntakeRecord(IOptions<IntakeOptions> options, HubClock clock)
{
    private const int TextCharsMax = 256;

    private readonly Lock _lock = new();
    private readonly LinkedList<RejectedMessage> _rejected = [];
    private readonly long[] _reasons = new long[Enum.GetValues<RefusalReason>().Length];
    private long _accepted;
    private long _duplicates;

    public void Accepted(int messages)
    {
        Interlocked.Add(ref _accepted, messages);
    }

    public void Duplicates(int readings)
    {
        if (readings == 0)
            return;
        Interlocked.Add(ref _duplicates, readings);
    }

    /// <summary>Counts and lists a refused message; the body is only hashed.</summary>
    public void Refused(Refusal refusal, string connection, string topic, long sizeBytes, ReadOnlySpan<byte> body)
    {
        Interlocked.Increment(ref _reasons[(int)refusal.Reason]);
        IntakeMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", refusal.Reason.ToName()));
        var hash = body.IsEmpty ? "" : Convert.ToHexStringLower(SHA256.HashData(body))[..16];
        var entry = new RejectedMessage(clock.Now, Plain(connection), Plain(topic), refusal.Reason.ToName(), refusal.Text, sizeBytes, hash);
        lock (_lock)
        {
            _rejected.AddFirst(entry);
            if (_rejected.Count <= options.Value.RejectedListMax)
                return;
            _rejected.RemoveLast();
        }

        IntakeMetrics.RejectedForgotten.Add(1);
    }

    public IntakeCounters Counters()
    {
        var reasons = new Dictionary<string, long>();
        long rejected = 0;
        foreach (var reason in Enum.GetValues<RefusalReason>())
        {
            var count = Interlocked.Read(ref _reasons[(int)reason]);
            rejected += count;
            if (count > 0)
                reasons[reason.ToName()] = count;
        }

        if (Interlocked.Read(ref _duplicates) is > 0 and var duplicates)
            reasons["duplicate"] = duplicates;
        return new IntakeCounters(Interlocked.Read(ref _accepted), rejected, reasons);
    }

    public IReadOnlyList<RejectedMessage> Rejected()
    {
        lock (_lock)
            return [.. _rejected];
    }

    private static string Plain(string text)
    {
        var shown = text.Length > TextCharsMax ? text[..TextCharsMax] : text;
        return string.Create(shown.Length, shown, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = IsPlain(from[i]) ? from[i] : '\uFFFD';
        });
    }

    // What turns the direction of writing, takes no room or begins a new line could make one topic look like another in a list, a log or a terminal.
    private static bool IsPlain(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
