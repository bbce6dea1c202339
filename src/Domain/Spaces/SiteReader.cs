using Monitoring.Domain.Alarms;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;

namespace Monitoring.Domain.Spaces;

/// <summary>Reads a site document and checks it as a whole.</summary>
public sealed partial class SiteReader
{
    /// <summary>Most spaces of one site.</summary>
    public const int SpacesMax = 1_000;

    private readonly DocumentProblems _problems;
    private readonly IReadOnlyDictionary<string, EquipmentProfile> _profiles;
    private readonly Dictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal);
    private readonly Lazy<TopicRoutes> _routes;
    private SpaceNotice _notice = new();

    private SiteReader(DocumentProblems problems, IReadOnlyDictionary<string, EquipmentProfile> profiles) =>
        (_problems, _profiles, _routes) = (problems, profiles, new Lazy<TopicRoutes>(() => new TopicRoutes(_profiles!.Values, _devices.Values)));

    /// <summary>Reads a site.</summary>
    /// <param name="document">The document.</param>
    /// <param name="profiles">Profiles by name.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The site; null where a problem was found.</returns>
    public static Site? Read(DocumentNode document, IReadOnlyDictionary<string, EquipmentProfile> profiles, DocumentProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Found.Count;
        var site = new SiteReader(problems, profiles).ReadSite(document);
        return problems.Found.Count > before ? null : site;
    }

    private Site ReadSite(DocumentNode document)
    {
        var fields = new DocumentFields(document, "site", _problems);
        var id = Id(fields, "site");
        var name = fields.Text("name");
        _notice = SpaceNotice.Read(fields, _notice, _problems);
        var spaces = Each(fields, "spaces", "space", item => ReadSpace(item), space => space.Id);
        if (spaces.Count is 0 or > SpacesMax)
            _problems.Add(fields.LineOf("spaces"), $"the site has {spaces.Count} spaces", $"list 1 to {SpacesMax} under 'spaces:'");
        var connections = Each(fields, "connections", "connection", ReadConnection, connection => connection.Name);
        fields.RefuseUnknown();
        return new Site(id, name, spaces, connections);
    }

    private PublicSpace ReadSpace(DocumentFields fields)
    {
        var id = Id(fields, "id");
        var zones = Each(fields, "zones", "zone", item => ReadZone(item), zone => zone.Id);
        if (zones.Count == 0)
            _problems.Add(fields.Line, $"space '{id}' has no zone", "add at least one under 'zones:'");
        var lines = Each(fields, "lines", "line", item => ReadLine(item, zones), line => line.Id);
        var counted = new Dictionary<string, string>(StringComparer.Ordinal);
        var devices = Each(fields, "devices", "device", item => ReadDevice(item, zones, lines, counted), device => device.Id);
        var space = new PublicSpace(
            id,
            fields.Text("name"),
            fields.Text("city"),
            ReadTimeZone(fields),
            ReadPath(fields, "outline", 3, 500),
            zones,
            lines,
            Each(fields, "barrierLines", "barrier line", item => ReadBarrierLine(item, devices), line => line.Id),
            devices,
            Each(fields, "thresholds", "threshold", item => ReadThreshold(item, zones, lines), threshold => $"{threshold.Rule} {threshold.Subject}"))
        {
            Release = ReadRelease(fields, zones.Count),
            Notice = SpaceNotice.Read(fields, _notice, _problems),
        };
        fields.RefuseUnknown();
        return space;
    }

    private ReleaseRules ReadRelease(DocumentFields space, int zones)
    {
        var defaults = ReleaseRules.Default(zones);
        if (space.Optional("release") is not { } node)
            return defaults;
        var fields = new DocumentFields(node, "release", _problems);
        var place = Choice(fields, "class", PlaceClass.Open, otherwise: true);
        int? typical = fields.Has("typicalPerHour") ? fields.Whole("typicalPerHour", 1, 1_000_000) : null;
        var rules = new ReleaseRules(
            place,
            Choice(fields, "plan", place == PlaceClass.Sensitive ? CellLength.Day : defaults.Plan, otherwise: true, name: plan => plan),
            fields.Flag("nightBlock", true),
            (int)Math.Round(1_000_000 * fields.Number("epsilon", 0.01, ReleaseRules.EpsilonMicroMax / 1_000_000.0, 1)),
            fields.Whole("crossings", 1, ReleaseRules.CrossingsMax, defaults.Crossings),
            typical,
            node.Line)
        {
            Presence = ReadPresence(fields),
        };
        fields.RefuseUnknown();
        return rules;
    }

    private PresenceRules? ReadPresence(DocumentFields release)
    {
        if (release.Optional("presence") is not { } node)
            return null;
        var fields = new DocumentFields(node, "presence", _problems);
        int? typical = fields.Has("typicalPeople") ? fields.Whole("typicalPeople", 1, ReadingLimits.PeopleMax) : null;
        var rules = new PresenceRules(fields.Whole("minutes", 1, PresenceRules.MinutesMax, PresenceRules.MinutesDefault), typical);
        fields.RefuseUnknown();
        return rules;
    }

    private TimeZoneInfo ReadTimeZone(DocumentFields fields)
    {
        var id = fields.Text("timeZone");
        if (id.Length > 0 && id.Contains('/') && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            return zone;
        if (id == "UTC")
            return TimeZoneInfo.Utc;
        if (id.Length > 0)
            _problems.Add(fields.LineOf("timeZone"), $"timeZone '{id}' is not known", "use an IANA name such as Europe/Brussels, or UTC");
        return TimeZoneInfo.Utc;
    }

    private Zone ReadZone(DocumentFields fields)
    {
        // Below about 4 m² a person more or less changes the density by a level of service.
        var zone = new Zone(Id(fields, "id"), fields.Text("name"), fields.Number("areaM2", 4, 1_000_000), fields.Whole("capacity", 1, ReadingLimits.PeopleMax), ReadPath(fields, "outline", 3, 500));
        if (zone.Id == CountingLine.Outside)
            _problems.Add(fields.LineOf("id"), $"a zone is called '{CountingLine.Outside}', which means no zone", "give it another id");
        fields.RefuseUnknown();
        return zone;
    }

    private CountingLine ReadLine(DocumentFields fields, IReadOnlyList<Zone> zones)
    {
        var line = new CountingLine(Id(fields, "id"), fields.Text("name"), fields.Number("widthM", 0.1, 1_000), Side(fields, "from", zones), Side(fields, "to", zones), ReadPath(fields, "path", 2, 20));
        if (line.From == line.To)
            _problems.Add(fields.LineOf("to"), $"line '{line.Id}' leads from {line.From} to {line.To}", "let it join two zones, or a zone and outside");
        fields.RefuseUnknown();
        return line;
    }

    private string Side(DocumentFields fields, string name, IReadOnlyList<Zone> zones)
    {
        var side = fields.Text(name);
        if (side.Length > 0 && side != CountingLine.Outside && zones.All(zone => zone.Id != side))
            _problems.Add(fields.LineOf(name), $"{name} is '{side}', which is no zone of this space", $"use one of: {string.Join(", ", zones.Select(zone => zone.Id).Append(CountingLine.Outside))}");
        return side;
    }

    private Device ReadDevice(DocumentFields fields, IReadOnlyList<Zone> zones, IReadOnlyList<CountingLine> lines, Dictionary<string, string> counted)
    {
        var id = Id(fields, "id");
        var profile = fields.TextOr("profile", "native");
        if (!_profiles.ContainsKey(profile))
            _problems.Add(fields.LineOf("profile"), $"device '{id}' has the profile '{profile}', which does not exist", $"use one of: {string.Join(", ", _profiles.Keys.Order(StringComparer.Ordinal))}");
        var device = new Device(
            id,
            fields.TextOr("name", id),
            Choice(fields, "kind", DeviceKind.Counter),
            profile,
            Choice(fields, "purpose", DevicePurpose.Live, otherwise: true),
            TimeSpan.FromSeconds(fields.Number("intervalSeconds", 1, 86_400)),
            Each(fields, "channels", "channel", item => ReadChannel(item, zones, lines, counted, _profiles.GetValueOrDefault(profile)?.OnChange == true), channel => channel.Name))
        {
            Address = fields.TextOr("address", id),
            Lag = _profiles.GetValueOrDefault(profile)?.Lag,
            Parameters = new ParametersReader(_problems).Read(fields),
        };
        fields.RefuseUnknown();
        CheckAddress(device, fields);
        if (id.Length > 0 && !_devices.TryAdd(id, device))
            _problems.Add(fields.LineOf("id"), $"device id '{id}' is used twice in the site", "give each device its own");
        return device;
    }

    private void CheckAddress(Device device, DocumentFields fields)
    {
        if (fields.Has("address") && device.Address.Length is 0 or > ProfileConversions.TextCharsMax)
            _problems.Add(fields.LineOf("address"), $"the address of device '{device.Id}' has {device.Address.Length} characters", $"use 1 to {ProfileConversions.TextCharsMax}");
        if (!_profiles.TryGetValue(device.Profile, out var profile))
            return;
        new ParametersReader(_problems).Check(profile, device.Parameters, fields.LineOf("parameters"));
        foreach (var topic in device.Parameters.GetValueOrDefault(ProfileParameters.Topic) ?? [""])
        {
            if (!_addresses.TryAdd($"{device.Profile}\n{topic}\n{device.Address}", device.Id))
                _problems.Add(fields.LineOf("address"), $"device '{device.Id}' has the address of '{_addresses[$"{device.Profile}\n{topic}\n{device.Address}"]}'", "nobody could tell which of them speaks: give each its own 'address'");
        }
    }

    private DeviceChannel ReadChannel(DocumentFields fields, IReadOnlyList<Zone> zones, IReadOnlyList<CountingLine> lines, Dictionary<string, string> counted, bool onChange)
    {
        var name = Id(fields, "name");
        var (line, zone) = (fields.TextOr("line", ""), fields.TextOr("zone", ""));
        if (line.Length > 0 && zone.Length > 0)
            _problems.Add(fields.Line, $"channel '{name}' observes a line and a zone", "keep one of them");
        if (line.Length > 0 && lines.All(known => known.Id != line))
            _problems.Add(fields.LineOf("line"), $"channel '{name}' counts over '{line}', which is no line of this space", "use the id of a line");
        if (zone.Length > 0 && zones.All(known => known.Id != zone))
            _problems.Add(fields.LineOf("zone"), $"channel '{name}' observes '{zone}', which is no zone of this space", "use the id of a zone");
        if (fields.Has("onChange") && zone.Length == 0)
            _problems.Add(fields.LineOf("onChange"), $"channel '{name}' has 'onChange' and observes no zone", "leave it out: it is about head counts");
        if (line.Length > 0 && !counted.TryAdd(line, name))
            _problems.Add(fields.LineOf("line"), $"line '{line}' is counted by two channels", "people would count twice: give each its own line, or remove one");
        fields.RefuseUnknown();
        return line.Length > 0 ? new DeviceChannel(name, ChannelSubject.Passages, line)
            : zone.Length > 0 ? new DeviceChannel(name, ChannelSubject.People, zone) { OnChange = fields.Flag("onChange", onChange) }
            : new DeviceChannel(name, ChannelSubject.Itself, "");
    }

    private BarrierLine ReadBarrierLine(DocumentFields fields, IReadOnlyList<Device> devices)
    {
        var line = new BarrierLine(Id(fields, "id"), fields.Text("name"), Each(fields, "elements", "element", item => ReadElement(item, devices), element => element.Id));
        if (line.Elements.Count == 0)
            _problems.Add(fields.Line, $"barrier line '{line.Id}' has no element", "list them in order under 'elements:'");
        fields.RefuseUnknown();
        return line;
    }

    private BarrierElement ReadElement(DocumentFields fields, IReadOnlyList<Device> devices)
    {
        var id = Id(fields, "id");
        var (device, channel) = (fields.TextOr("device", ""), fields.TextOr("channel", ""));
        if (device.Length > 0 && !devices.Any(known => known.Id == device && known.Channels.Any(own => own.Name == channel && own.Observes == ChannelSubject.Itself)))
            _problems.Add(fields.LineOf("device"), $"element '{id}' is reported by '{device}' on channel '{channel}', which this space does not have", "use a device of this space and one of its channels without line and zone, or leave both out for an element without telemetry");
        if (device.Length == 0 && channel.Length > 0)
            _problems.Add(fields.LineOf("channel"), $"element '{id}' has a channel but no device", "add 'device:'");
        var element = new BarrierElement(id, fields.TextOr("name", id), Given(device), Given(channel), ReadPath(fields, "path", 1, 20));
        fields.RefuseUnknown();
        return element;
    }

    private Threshold ReadThreshold(DocumentFields fields, IReadOnlyList<Zone> zones, IReadOnlyList<CountingLine> lines)
    {
        var rule = fields.Text("rule");
        var subject = Given(fields.TextOr("subject", ""));
        var known = rule switch
        {
            AlarmRule.Density => zones.Select(zone => zone.Id),
            AlarmRule.Flow => lines.Select(line => line.Id),
            _ => null,
        };
        if (known is null && rule.Length > 0)
            _problems.Add(fields.LineOf("rule"), $"there is no rule '{rule}'", "use density or flow");
        if (subject is not null && known is not null && !known.Contains(subject))
            _problems.Add(fields.LineOf("subject"), $"'{subject}' is no {(rule == AlarmRule.Density ? "zone" : "line")} of this space", "use its id, or leave it out for all");
        var on = fields.Number("on", 0.01, 100_000);
        var off = fields.Number("off", 0, 100_000, AlarmRule.DefaultOff(rule, on));
        if (off >= on)
            _problems.Add(fields.LineOf("off"), "off is not under on", "leave a gap, or the alarm flaps: 0.3 people/m² under on, or 0.8 of a flow");
        var threshold = new Threshold(
            rule,
            subject,
            on,
            off,
            TimeSpan.FromSeconds(fields.Number("onForSeconds", 0, 3_600, 30)),
            TimeSpan.FromSeconds(fields.Number("offForSeconds", 0, 3_600, 60)),
            fields.Whole("priority", 1, 4, AlarmRule.DefaultPriority(rule)));
        fields.RefuseUnknown();
        return threshold;
    }

    private Connection ReadConnection(DocumentFields fields)
    {
        var name = Id(fields, "name");
        var topics = fields.Items("topics").Select(item => (Text: (item as DocumentScalar)?.Text ?? "", item.Line)).ToList();
        if (topics.Count == 0)
            _problems.Add(fields.LineOf("topics"), $"connection '{name}' may publish nowhere", "list its topics under 'topics:'");
        foreach (var (topic, line) in topics)
            CheckTopic(name, topic, line);
        fields.RefuseUnknown();
        return new Connection(name, [.. topics.Select(topic => topic.Text)]);
    }

    private void CheckTopic(string connection, string topic, int line)
    {
        if (TopicName.Problem(topic) is { } problem)
        {
            _problems.Add(line, $"connection '{connection}': {problem}", "write a whole topic without wildcards");
            return;
        }

        if (_routes.Value.Of(topic).Count == 0)
            _problems.Add(line, $"connection '{connection}': no device of the site speaks on topic '{topic}'", "use the topic of a device's profile with the id or address of that device");
    }
}
