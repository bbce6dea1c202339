using System.Text.Json;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Equipment;

/// <summary>One run of a profile over one message; stops at the first thing that is wrong.</summary>
internal sealed class ProfileMapping(EquipmentProfile profile, JsonElement root, MessageOrigin origin, DateTimeOffset arrivedAt, DeviceClockWindow window, bool retained) : IDisposable
{
    /// <summary>Type of the event that says where the bytes of a message stopped making sense.</summary>
    public const string PartlyDecoded = "partly-decoded";

    private readonly ProfileParts _parts = profile.Parts;
    private readonly ProfileScope _scope = new(root, origin.Segments, profile.Limits.Elements);
    private readonly MessageClock _clock = new(arrivedAt, window);
    private readonly List<DatedReading> _readings = [];
    private JsonDocument? _decoded;
    private int? _stoppedAt;
    private Refusal? _refusal;

    public void Dispose() => _decoded?.Dispose();

    public MapOutcome Run()
    {
        _scope.Parameters = _parts.Parameters.Defaults;
        if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, "the message is not a JSON object"));
        if (_parts.When?.Holds(_scope) == false)
            return _parts.Unmatched == UnmatchedMessage.Drop ? MapOutcome.Dropped : MapOutcome.Refused(new Refusal(RefusalReason.PayloadFormat, "the message is none that the profile is for"));
        if (FindDevice() is not { } device)
            return MapOutcome.Refused(_refusal!);
        _scope.Parameters = _parts.Parameters.With(device.Parameters);
        Decode();
        var values = new SlotValues(_scope, Refuse);
        _clock.MessageStamp = values.Instant(_parts.Time);
        if (_stoppedAt is { } tag)
            _readings.Add(new DatedReading(new EventReading("", _clock.MessageStamp ?? arrivedAt, PartlyDecoded, tag), false, _clock.MessageStamp is null));
        var sequence = values.Whole(_parts.Sequence, 0, ReadingLimits.TotalMax);
        foreach (var rules in _parts.Rules)
            MapEach(rules, values);
        var (vouches, upTo) = Heartbeat(values);
        if (_scope.Exhausted)
            _refusal = new Refusal(RefusalReason.TooLarge, $"the message has over {profile.Limits.Elements} items");
        if (_refusal is null && _readings.Count == 0 && !vouches && !IsEmptyList())
        {
            if (_parts.Unmatched == UnmatchedMessage.Drop)
                return MapOutcome.Dropped;
            Refuse(RefusalReason.PayloadFormat, "the message has no reading that the profile names");
        }

        return _refusal is null ? Taken(device, sequence, vouches, upTo) : MapOutcome.Refused(_refusal);
    }

    private MapOutcome Taken(Device device, long? sequence, bool vouches, DateTimeOffset? upTo)
    {
        if (_clock.Problem(_readings) is { } problem)
            return MapOutcome.Refused(problem);
        return MapOutcome.Taken(new AcceptedMessage
        {
            DeviceId = device.Id,
            Profile = $"{profile.Name}/{profile.Version}",
            ArrivedAt = arrivedAt,
            Time = _clock.Time,
            TimeFromDevice = _clock.FromDevice,
            ClockFaulty = _clock.IsFaulty,
            StampShift = _clock.Shift,
            Sequence = sequence,
            Retained = retained,
            Watermark = vouches ? _clock.Watermark(upTo) : null,
            Readings = _clock.Dated(_readings),
        });
    }

    private Device? FindDevice()
    {
        var named = _parts.Device is { } slot ? slot.Of(_scope) : origin.Segments.TryGetValue(TopicPattern.DeviceSegment, out var segment) ? ProfileValue.Of(segment) : ProfileValue.Missing;
        var address = named.Form is ValueForm.Element or ValueForm.Text ? ProfileConversions.ToText(named) : ProfileValue.Missing;
        if (address.Form != ValueForm.Text)
        {
            Refuse(RefusalReason.PayloadFormat, $"{_parts.Device?.Text ?? "the topic"} does not name the device");
            return null;
        }

        if (origin.DeviceOf(address.Text!) is { } device)
            return device;
        Refuse(RefusalReason.UnknownDevice, "no device of the site has the address that the message names; give it in 'address' of the device, and list this topic");
        return null;
    }

    private void Decode()
    {
        if (_parts.Decoder is not { } decoder || decoder.From.Of(_scope) is not { IsThere: true } value)
            return;
        if (value.Form == ValueForm.Failed)
        {
            Refuse(value.Reason, $"{decoder.From.Text} {value.Text}");
            return;
        }

        _decoded = decoder.Decode(value.Bytes, out _stoppedAt);
        _scope.Decoded = _decoded.RootElement;
    }

    private (bool Vouches, DateTimeOffset? UpTo) Heartbeat(SlotValues values)
    {
        foreach (var heartbeat in _parts.Heartbeats)
        {
            if (heartbeat.When?.Holds(_scope) != false)
                return (true, values.Instant(heartbeat.UpTo));
        }

        return (false, null);
    }

    private bool IsEmptyList() => _parts.EmptyList?.Find(_scope) is { Form: ValueForm.Element, Element: { ValueKind: JsonValueKind.Array } list } && list.GetArrayLength() == 0;

    private void MapEach(ProfileRules rules, SlotValues values, int depth = 0)
    {
        if (_refusal is not null)
            return;
        if (depth == rules.Each.Count)
        {
            MapElement(rules, values);
            return;
        }

        var each = rules.Each[depth];
        if (each.Walk(_scope, () => MapEach(rules, values, depth + 1), out var found) is { } problem)
            Refuse(RefusalReason.PayloadFormat, $"{each.Text} {problem}");
        else if (!found && _parts.Unmatched == UnmatchedMessage.Refuse)
            Refuse(RefusalReason.PayloadFormat, $"{each.Text} is missing");
    }

    private void MapElement(ProfileRules rules, SlotValues values)
    {
        var (matched, taken) = (0, 0);
        foreach (var rule in rules.Rules)
        {
            if (_refusal is not null || _scope.Exhausted)
                return;
            if ((rule.First > 0 && rule.First == taken) || rule.When?.Holds(_scope) == false)
                continue;
            matched++;
            taken = rule.First;
            var reading = new ReadingMaker(rule, values, _clock).Make();
            if (_refusal is not null)
                return;
            if (_readings.Count == profile.Limits.Readings)
                Refuse(RefusalReason.TooLarge, $"the message has over {profile.Limits.Readings} readings");
            _readings.Add(reading);
        }

        if (matched == 0 && _parts.Unmatched == UnmatchedMessage.Refuse)
            Refuse(RefusalReason.PayloadFormat, $"an item of {rules.Each[^1].Text} is none of the readings that the profile names");
    }

    private void Refuse(RefusalReason reason, string text) => _refusal ??= new Refusal(reason, text);
}
