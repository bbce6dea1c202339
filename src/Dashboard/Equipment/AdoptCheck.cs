using System.Text.Json;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary>Checks a wish to adopt field by field, so that each problem can stand beside its field. What concerns the site as a whole its compiler finds.</summary>
internal sealed class AdoptCheck(PendingDevice pending, CompiledSite site)
{
    /// <summary>Most channels of a device that is adopted.</summary>
    public const int ChannelsMax = 64;

    /// <summary>Longest name, in characters.</summary>
    public const int NameCharsMax = 100;

    /// <summary>The id that the API cannot reach: its route lists the devices that wait.</summary>
    public const string Reserved = "pending";

    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    /// <summary>What does not fit, by field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => _errors.ToDictionary(error => error.Key, error => error.Value.ToArray());

    /// <summary>Reads a request.</summary>
    /// <returns>The device; to be used only where there are no errors.</returns>
    public NewDevice Read(AdoptRequest request)
    {
        var space = site.Site.Spaces.FirstOrDefault(known => known.Id == request.Space);
        if (space is null)
            Say("space", "Choose a space of the site.");
        var profile = Text(request.Profile) ?? "native";
        if (!site.Profiles.ContainsKey(profile))
            Say("profile", $"Use one of: {string.Join(", ", site.Profiles.Keys.Order(StringComparer.Ordinal))}.");
        if (!IsId(request.Id) || request.Id == Reserved)
            Say("id", $"Use 1 to 64 of a to z, 0 to 9 and -, and not '{Reserved}'.");
        if (Text(request.Name) is { } name && (name.Length > NameCharsMax || !ShownText.IsPlain(name)))
            Say("name", $"Use 1 to {NameCharsMax} characters that show.");
        if (!Enum.GetValues<DeviceKind>().Select(DeviceWords.Of).Contains(request.Kind))
            Say("kind", $"Use one of: {string.Join(", ", Enum.GetValues<DeviceKind>().Select(DeviceWords.Of))}.");
        if (Text(request.Purpose) is { } purpose && !Enum.GetValues<DevicePurpose>().Select(DeviceWords.Of).Contains(purpose))
            Say("purpose", "Use live or statistics.");
        if (request.IntervalSeconds is not (>= 1 and <= 86_400))
            Say("intervalSeconds", "How often does it speak? 1 to 86,400 s.");
        var parameters = Parameters(request.Parameters, profile);
        CheckAddress(profile, Text(request.Address) ?? request.Id ?? "");
        return new NewDevice(request.Id ?? "", Text(request.Name) ?? request.Id ?? "", request.Kind ?? "", profile, Text(request.Address) is { } address && address != request.Id ? address : null, Text(request.Purpose), request.IntervalSeconds ?? 0, parameters, Channels(request.Channels ?? [], space, profile));
    }

    // Else the device would be in the site and its messages refused as before.
    private void CheckAddress(string profile, string address)
    {
        if (!ShownText.IsPlain(pending.Topic))
        {
            Say("topic", "The topic has characters that do not show: let the device publish on another one.");
            return;
        }

        if (!ShownText.IsPlain(address) || address.Length > 128)
            Say("address", "Use 1 to 128 characters that show.");
        if (address.Length == 0 || !site.Profiles.TryGetValue(profile, out var known) || _errors.ContainsKey("address"))
            return;
        if (known.Topic is { } pattern && pattern.Match(pending.Topic) is null)
            Say("profile", $"Its topics are {pattern.Text}, which this one is not.");
        else if (pending.Sights.FirstOrDefault(sight => sight.Profile == profile) is { } sight && sight.Address != address)
            Say("address", $"Its messages call it '{sight.Address}': enter that, or they stay refused.");
    }

    private Dictionary<string, IReadOnlyList<string>> Parameters(IReadOnlyDictionary<string, JsonElement>? given, string profile)
    {
        var read = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            var texts = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
            if (texts.Count == 0 || texts.Exists(text => text.ValueKind != JsonValueKind.String || !ShownText.IsPlain(text.GetString()!)))
                Say("parameters", $"'{ShownText.Of(name, 40)}' is no text or list of texts.");
            else
                read[name] = [.. texts.Select(text => text.GetString()!)];
        }

        if (site.Profiles.TryGetValue(profile, out var known) && known.Topic is null)
            read.TryAdd(ProfileParameters.Topic, [pending.Topic]);
        return read;
    }

    private List<NewChannel> Channels(IReadOnlyList<AdoptChannel> given, PublicSpace? space, string profile)
    {
        if (given.Count is 0 or > ChannelsMax)
            Say("channels", $"Enter 1 to {ChannelsMax} channels, by the names that its messages use.");
        var read = new List<NewChannel>();
        foreach (var (channel, i) in given.Take(ChannelsMax).Select((channel, i) => (channel, i)))
        {
            var (line, zone) = (Text(channel.Line), Text(channel.Zone));
            if (!IsId(channel.Name))
                Say($"channels[{i}].name", "Use 1 to 64 of a to z, 0 to 9 and -. A message with another name stays refused: change it in the device, or read it by a profile.");
            else if (read.Exists(other => other.Name == channel.Name))
                Say($"channels[{i}].name", "This name stands twice.");
            if (space is not null)
                CheckSubject($"channels[{i}].{(line is null ? "zone" : "line")}", line, zone, space, read);
            CheckPlace($"channels[{i}].{(zone is null ? "line" : "zone")}", channel.Name, line, zone, profile);
            read.Add(new NewChannel(channel.Name ?? "", line, zone));
        }

        return read;
    }

    // What counts and has no fitting place would be accepted and go nowhere: that looks like an empty square.
    private void CheckPlace(string field, string? channel, string? line, string? zone, string profile)
    {
        var kinds = pending.Sights.Where(sight => sight.Profile == profile).SelectMany(sight => sight.Channels).Where(seen => seen.Name == channel).Select(seen => seen.Kind).ToList();
        var (passages, people) = (kinds.Exists(kind => kind is "count" or "total"), kinds.Exists(kind => kind is "occupancy" or "density"));
        if ((passages && line is not null) || (people && zone is not null))
            return;
        if (passages)
            Say(field, "It counts passages: choose the line that it counts, or its counts go nowhere.");
        else if (people)
            Say(field, "It counts people: choose the zone that it sees, or its counts go nowhere.");
    }

    private void CheckSubject(string field, string? line, string? zone, PublicSpace space, List<NewChannel> before)
    {
        if (line is not null && zone is not null)
            Say(field, "Choose a line or a zone, not both.");
        if (line is not null && space.Lines.All(known => known.Id != line))
            Say(field, "Choose a line of the space.");
        if (zone is not null && space.Zones.All(known => known.Id != zone))
            Say(field, "Choose a zone of the space.");
        var by = line is null ? null : space.Devices.FirstOrDefault(device => device.Channels.Any(channel => channel.Observes == ChannelSubject.Passages && channel.Subject == line));
        if (by is not null)
            Say(field, $"{by.Name} counts this line already: people would count twice.");
        if (line is not null && before.Exists(other => other.Line == line))
            Say(field, "Another channel counts this line: people would count twice.");
    }

    private void Say(string field, string text)
    {
        if (!_errors.TryGetValue(field, out var texts))
            _errors[field] = texts = [];
        texts.Add(text);
    }

    private static string? Text(string? given) => given?.Trim() is { Length: > 0 } text ? text : null;

    private static bool IsId(string? text) => text is { Length: > 0 and <= 64 } && text.All(one => one is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
