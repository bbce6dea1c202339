using System.Text.Json;
using System.Text.Unicode;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>How one kind of equipment speaks: turns its messages into readings. Compiled once; constant memory, no loops but over the message.</summary>
/// <remarks>First form of the notation: JSON, typed outputs. What a rule does not name does not pass.</remarks>
public sealed class EquipmentProfile
{
    private static readonly Dictionary<string, ElementPosition> Positions = Enum.GetValues<ElementPosition>().ToDictionary(position => position.ToString().ToLowerInvariant());

    private readonly ProfileSlot? _time;
    private readonly ProfileSlot? _sequence;
    private readonly ProfilePath? _heartbeat;
    private readonly bool _refuseUnmatched;
    private readonly ILookup<string, ProfileRule> _rulesByEach;
    private readonly JsonDocumentOptions _json;

    internal EquipmentProfile(string name, int version, TopicPattern topic, ProfileSlot? time, ProfileSlot? sequence, ProfilePath? heartbeat, bool refuseUnmatched, ProfileLimits limits, IEnumerable<ProfileRule> rules)
    {
        Name = name;
        Version = version;
        Topic = topic;
        Limits = limits;
        _time = time;
        _sequence = sequence;
        _heartbeat = heartbeat;
        _refuseUnmatched = refuseUnmatched;
        _rulesByEach = rules.ToLookup(rule => rule.Each.Text);
        _json = new JsonDocumentOptions { MaxDepth = limits.Depth, AllowDuplicateProperties = false };
    }

    /// <summary>Name of the profile.</summary>
    public string Name { get; }

    /// <summary>Version of the profile, stored with every message that it maps.</summary>
    public int Version { get; }

    /// <summary>Topics of its messages; names the device.</summary>
    public TopicPattern Topic { get; }

    /// <summary>Limits on a message.</summary>
    public ProfileLimits Limits { get; }

    /// <summary>Maps one message.</summary>
    /// <param name="device">Device id.</param>
    /// <param name="payload">The message body.</param>
    /// <param name="arrivedAt">Arrival at the gateway.</param>
    /// <param name="window">Stamps that are believed.</param>
    /// <param name="retained">Whether it was published with the retain flag.</param>
    public MapOutcome Map(string device, ReadOnlyMemory<byte> payload, DateTimeOffset arrivedAt, DeviceClockWindow window, bool retained)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (payload.Length > Limits.Bytes)
            return MapOutcome.Refused(new Refusal(RefusalReason.TooLarge, $"the payload is {payload.Length} bytes; the profile allows {Limits.Bytes}"));
        // The parser lets broken UTF-8 inside a text pass and fails only when the text is read.
        if (!Utf8.IsValid(payload.Span))
            return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, "the payload is not UTF-8"));
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(payload, _json);
        }
        catch (JsonException broken)
        {
            return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, $"not JSON that can be read, in line {(broken.LineNumber ?? 0) + 1} at byte {broken.BytePositionInLine ?? 0}: send one JSON object without duplicate names"));
        }
        catch (InvalidOperationException)
        {
            // Thrown by the search for duplicate names where a name is half a surrogate pair (\ud800).
            return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, "a name in the message is not Unicode text"));
        }

        using (document)
            return new Mapping(this, document.RootElement, device, arrivedAt, window, retained).Run();
    }

    /// <summary>One run over one message; stops at the first thing that is wrong.</summary>
    private sealed class Mapping(EquipmentProfile profile, JsonElement root, string device, DateTimeOffset arrivedAt, DeviceClockWindow window, bool retained)
    {
        private readonly List<Reading> _readings = [];
        private Refusal? _refusal;
        private DateTimeOffset _time;
        private TimeSpan _shift;

        public MapOutcome Run()
        {
            if (root.ValueKind != JsonValueKind.Object)
                return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, "the message is not a JSON object"));
            var stamp = Time(profile._time, root);
            var faulty = stamp is { } said && !window.Believes(said, arrivedAt);
            _time = faulty ? arrivedAt : stamp ?? arrivedAt;
            if (faulty)
                _shift = arrivedAt - stamp!.Value;
            var sequence = Int(profile._sequence, root, 0, ReadingLimits.TotalMax);
            foreach (var group in profile._rulesByEach)
                MapEach(group);
            if (_refusal is null && _readings.Count == 0 && !IsHeartbeat())
                Refuse(RefusalReason.PayloadFormat, "the message has no reading that the profile names");
            return _refusal is { } refusal
                ? MapOutcome.Refused(refusal)
                : MapOutcome.Taken(new AcceptedMessage
                {
                    DeviceId = device,
                    Profile = $"{profile.Name}/{profile.Version}",
                    ArrivedAt = arrivedAt,
                    Time = _time,
                    TimeFromDevice = stamp is not null && !faulty,
                    ClockFaulty = faulty,
                    StampShift = _shift,
                    Sequence = sequence,
                    Retained = retained,
                    Readings = _readings,
                });
        }

        private bool IsHeartbeat() =>
            profile._heartbeat?.Find(root, root) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0;

        private void MapEach(IGrouping<string, ProfileRule> rules)
        {
            var each = rules.First().Each;
            if (each.Find(root, root) is not { } found)
            {
                if (profile._refuseUnmatched)
                    Refuse(RefusalReason.PayloadFormat, $"{each.Text} is missing");
                return;
            }

            if (!each.EachItem)
            {
                MapElement(rules, found, each.Text);
                return;
            }

            if (found.ValueKind != JsonValueKind.Array)
            {
                Refuse(RefusalReason.PayloadFormat, $"{each.Text} is not over a list");
                return;
            }

            if (found.GetArrayLength() > profile.Limits.Readings)
            {
                Refuse(RefusalReason.TooLarge, $"{each.Text} has over {profile.Limits.Readings} items");
                return;
            }

            foreach (var item in found.EnumerateArray())
                MapElement(rules, item, each.Text);
        }

        private void MapElement(IEnumerable<ProfileRule> rules, JsonElement element, string at)
        {
            var matched = 0;
            foreach (var rule in rules)
            {
                if (_refusal is not null)
                    return;
                if (rule.When is { } when && when.Find(root, element) is null)
                    continue;
                matched++;
                if (Make(rule, element) is not { } reading)
                    continue;
                if (_readings.Count == profile.Limits.Readings)
                    Refuse(RefusalReason.TooLarge, $"the message has over {profile.Limits.Readings} readings");
                _readings.Add(reading);
            }

            if (matched == 0 && profile._refuseUnmatched)
                Refuse(RefusalReason.PayloadFormat, $"an item of {at} is none of the readings that the profile names");
        }

        private Reading? Make(ProfileRule rule, JsonElement element)
        {
            var channel = rule.Channel is { } named ? Text(named, element, must: true) ?? "" : "";
            var reading = MakeOf(rule, element, channel);
            return _refusal is null ? reading : null;
        }

        private Reading MakeOf(ProfileRule rule, JsonElement element, string channel)
        {
            ProfileSlot? Slot(string name) => rule.Slots.GetValueOrDefault(name);
            int Whole(string name, int max) => (int)(Int(Slot(name), element, 0, max, must: true) ?? 0);
            double Number(string name, double min, double max) => Num(Slot(name)!, element, min, max, must: true) ?? 0;
            return rule.Kind switch
            {
                ReadingKind.Count => new CountReading(channel, _time, Whole("in", ReadingLimits.CountMax), Whole("out", ReadingLimits.CountMax), From(Slot("from"), element)),
                ReadingKind.Total => Total(rule, element, channel),
                ReadingKind.Occupancy => new OccupancyReading(channel, _time, Whole("people", ReadingLimits.PeopleMax)),
                ReadingKind.Density => new DensityReading(channel, _time, Number("perM2", 0, ReadingLimits.DensityPerM2Max)),
                ReadingKind.Position => new PositionReading(channel, _time, Position(Slot("is")!, element)),
                ReadingKind.Health => new HealthReading(channel, _time, Health(rule, element)),
                ReadingKind.Noise => new NoiseReading(channel, _time, Number("laeqDb", ReadingLimits.NoiseDbMin, ReadingLimits.NoiseDbMax)),
                _ => new EventReading(channel, _time, Text(Slot("type")!, element, must: true) ?? "", (int?)Int(Slot("code"), element, int.MinValue, int.MaxValue)),
            };
        }

        private TotalReading Total(ProfileRule rule, JsonElement element, string channel)
        {
            var valueIn = Int(rule.Slots["in"], element, 0, ReadingLimits.TotalMax, must: true) ?? 0;
            var valueOut = Int(rule.Slots["out"], element, 0, ReadingLimits.TotalMax, must: true) ?? 0;
            var modulus = Int(rule.Slots.GetValueOrDefault("modulus"), element, 2, ReadingLimits.TotalMax);
            if (modulus <= Math.Max(valueIn, valueOut))
                Refuse(RefusalReason.ValueOutOfRange, "a total is not below its modulus");
            return new TotalReading(channel, _time, valueIn, valueOut, modulus);
        }

        private DateTimeOffset? From(ProfileSlot? slot, JsonElement element)
        {
            if (Time(slot, element) is not { } said)
                return null;

            // A faulty clock still measures lengths: the interval keeps its length and ends at the arrival.
            var length = _time - _shift - said;
            if (length >= TimeSpan.Zero && length <= ReadingLimits.IntervalMax)
                return _time - length;
            Refuse(RefusalReason.ValueOutOfRange, $"{slot!.Path.Text} is after the message's time or more than {ReadingLimits.IntervalMax.TotalHours} h before it");
            return null;
        }

        private ElementPosition Position(ProfileSlot slot, JsonElement element)
        {
            var text = Text(slot, element, must: true);
            if (text is not null && Positions.TryGetValue(text, out var position))
                return position;
            Refuse(RefusalReason.ValueOutOfRange, $"{slot.Path.Text} is not one of raised, lowered, moving, fault, unknown");
            return ElementPosition.Unknown;
        }

        private Dictionary<string, double> Health(ProfileRule rule, JsonElement element)
        {
            var values = new Dictionary<string, double>();
            foreach (var (name, slot) in rule.Slots)
            {
                var (min, max) = name.EndsWith("Percent", StringComparison.Ordinal) ? (0d, 100d) : (-1e12, 1e12);
                if (Num(slot, element, min, max, must: false) is { } value)
                    values[name] = value;
            }

            return values;
        }

        private DateTimeOffset? Time(ProfileSlot? slot, JsonElement scope)
        {
            if (slot?.Path.Find(root, scope) is not { } found)
                return null;
            if (ProfileSlot.AsIso(found) is { } instant)
                return instant;
            Refuse(RefusalReason.PayloadFormat, $"{slot.Path.Text} is not an ISO 8601 instant with an offset or Z");
            return null;
        }

        private long? Int(ProfileSlot? slot, JsonElement scope, long min, long max, bool must = false)
        {
            if (Found(slot, scope, must) is not { } found)
                return null;
            if (ProfileSlot.AsInt(found) is not { } value)
                Refuse(found.ValueKind == JsonValueKind.Number ? RefusalReason.ValueOutOfRange : RefusalReason.PayloadFormat, $"{slot!.Path.Text} is not a whole number");
            else if (value < min || value > max)
                Refuse(RefusalReason.ValueOutOfRange, $"{slot!.Path.Text} is not within {min} to {max}");
            else
                return value;
            return null;
        }

        private double? Num(ProfileSlot slot, JsonElement scope, double min, double max, bool must)
        {
            if (Found(slot, scope, must) is not { } found)
                return null;
            if (ProfileSlot.AsNum(found) is not { } value)
                Refuse(found.ValueKind == JsonValueKind.Number ? RefusalReason.ValueOutOfRange : RefusalReason.PayloadFormat, $"{slot.Path.Text} is not a finite number");
            else if (value < min || value > max)
                Refuse(RefusalReason.ValueOutOfRange, FormattableString.Invariant($"{slot.Path.Text} is not within {min} to {max}"));
            else
                return value;
            return null;
        }

        private string? Text(ProfileSlot slot, JsonElement scope, bool must)
        {
            if (Found(slot, scope, must) is not { } found)
                return null;
            if (ProfileSlot.AsText(found) is { } text)
                return text;
            Refuse(RefusalReason.PayloadFormat, $"{slot.Path.Text} is not a text of 1 to {ProfileSlot.TextCharsMax} characters without control characters");
            return null;
        }

        private JsonElement? Found(ProfileSlot? slot, JsonElement scope, bool must)
        {
            var found = slot?.Path.Find(root, scope);
            if (found is null && must)
                Refuse(RefusalReason.PayloadFormat, $"{slot!.Path.Text} is missing");
            return found;
        }

        private void Refuse(RefusalReason reason, string text) => _refusal ??= new Refusal(reason, text);
    }
}

/// <summary>Limits of one profile's messages.</summary>
/// <param name="Bytes">Largest payload, bytes, 2 to 262,144.</param>
/// <param name="Readings">Most readings in one message, 1 to 500.</param>
/// <param name="Depth">Deepest nesting, 1 to 32.</param>
public sealed record ProfileLimits(int Bytes, int Readings, int Depth);
