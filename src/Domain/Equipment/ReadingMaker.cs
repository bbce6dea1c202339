using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>Makes the reading of one rule from the element at hand, dated by the device's own clock.</summary>
internal readonly struct ReadingMaker(ProfileRule rule, SlotValues values, MessageClock clock)
{
    private static readonly Dictionary<string, ElementPosition> Positions = Enum.GetValues<ElementPosition>().ToDictionary(position => position.ToString().ToLowerInvariant());

    public DatedReading Make()
    {
        var channel = rule.Channel is { } named ? values.Text(named) : "";
        var own = values.Instant(rule.Time);
        var time = own ?? clock.MessageStamp ?? clock.ArrivedAt;
        if (rule.Kind == ReadingKind.Count)
            return Count(channel, time, own is not null);
        return new DatedReading(MakeOf(channel, time), own is not null, own is null && clock.MessageStamp is null);
    }

    private Reading MakeOf(string channel, DateTimeOffset time) => rule.Kind switch
    {
        ReadingKind.Total => Total(channel, time),
        ReadingKind.Occupancy => new OccupancyReading(channel, time, Whole("people", ReadingLimits.PeopleMax)),
        ReadingKind.Density => new DensityReading(channel, time, Number("perM2", 0, ReadingLimits.DensityPerM2Max)),
        ReadingKind.Position => new PositionReading(channel, time, Position(rule.Slots["is"])),
        ReadingKind.Health => new HealthReading(channel, time, Health()),
        ReadingKind.Noise => new NoiseReading(channel, time, Number("laeqDb", ReadingLimits.NoiseDbMin, ReadingLimits.NoiseDbMax)),
        _ => new EventReading(channel, time, values.Text(rule.Slots["type"]), (int?)values.Whole(Slot("code"), int.MinValue, int.MaxValue)),
    };

    private DatedReading Count(string channel, DateTimeOffset time, bool isOwn)
    {
        var (passagesIn, passagesOut) = (Whole("in", ReadingLimits.CountMax), Whole("out", ReadingLimits.CountMax));
        var from = values.Instant(Slot("from"));
        if (values.Whole(Slot("seconds"), 1, (long)ReadingLimits.IntervalMax.TotalSeconds) is { } seconds)
        {
            var length = TimeSpan.FromSeconds(seconds);
            if (from is { } start && !isOwn)
                (time, isOwn) = (start > DateTimeOffset.MaxValue - length ? start : start + length, true);
            else
                from ??= time < DateTimeOffset.MinValue + length ? null : time - length;
        }

        if (from > time || time - from > ReadingLimits.IntervalMax)
            values.Refuse(RefusalReason.ValueOutOfRange, $"{(Slot("from") ?? Slot("seconds"))!.Text} is after the message's time or more than {ReadingLimits.IntervalMax.TotalHours} h before it");
        return new DatedReading(new CountReading(channel, time, passagesIn, passagesOut, from), isOwn, !isOwn && clock.MessageStamp is null);
    }

    private TotalReading Total(string channel, DateTimeOffset time)
    {
        var valueIn = values.Whole(rule.Slots["in"], 0, ReadingLimits.TotalMax, must: true) ?? 0;
        var valueOut = values.Whole(rule.Slots["out"], 0, ReadingLimits.TotalMax, must: true) ?? 0;
        var modulus = values.Whole(Slot("modulus"), 2, ReadingLimits.TotalMax);
        if (modulus <= Math.Max(valueIn, valueOut))
            values.Refuse(RefusalReason.ValueOutOfRange, "a total is not below its modulus");
        return new TotalReading(channel, time, valueIn, valueOut, modulus);
    }

    private ElementPosition Position(ProfileSlot slot)
    {
        if (Positions.TryGetValue(values.Text(slot), out var position))
            return position;
        values.Refuse(RefusalReason.ValueOutOfRange, $"{slot.Text} is not one of raised, lowered, moving, fault, unknown");
        return ElementPosition.Unknown;
    }

    private Dictionary<string, double> Health()
    {
        var found = new Dictionary<string, double>();
        foreach (var (name, slot) in rule.Slots)
        {
            var (min, max) = name.EndsWith("Percent", StringComparison.Ordinal) ? (0d, 100d) : (-1e12, 1e12);
            if (values.Number(slot, min, max) is { } value)
                found[name] = value;
        }

        return found;
    }

    private ProfileSlot? Slot(string name) => rule.Slots.GetValueOrDefault(name);

    private int Whole(string name, int max) => (int)(values.Whole(Slot(name), 0, max, must: true) ?? 0);

    private double Number(string name, double min, double max) => values.Number(Slot(name), min, max, must: true) ?? 0;
}
