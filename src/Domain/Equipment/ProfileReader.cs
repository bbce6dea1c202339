namespace Monitoring.Domain.Equipment;

/// <summary>Reads a profile document, checks that each rule can only make what its reading allows, and runs its fixtures.</summary>
public static class ProfileReader
{
    /// <summary>Reads a profile.</summary>
    /// <param name="document">The document.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The profile; null where a problem was found.</returns>
    public static EquipmentProfile? Read(DocumentNode document, DocumentProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Found.Count;
        var fields = new DocumentFields(document, "profile", problems);
        var name = fields.Text("profile");
        var version = fields.Whole("version", 1, 9999);
        var (topic, when) = ReadMatch(fields, problems);
        var parameters = ReadParameters(fields, problems);
        var known = new HashSet<string>(topic?.Names ?? [], StringComparer.Ordinal);
        var expressions = new ProfileExpressions(problems, topic is null ? [.. parameters.Defaults.Keys, .. parameters.Required, ProfileParameters.Topic] : [.. parameters.Defaults.Keys, .. parameters.Required]);
        var device = expressions.Text(fields, "device", known);
        if (topic is null == (device is null) && topic?.Names.Contains(TopicPattern.DeviceSegment) != true)
            problems.Add(fields.Line, "the profile does not say which device speaks", "name a segment {device} in the topic, or give 'device:' a path to its address");
        var rules = new ProfileRuleReader(expressions, problems);
        var parts = new ProfileParts
        {
            Topic = topic,
            When = when is null ? null : expressions.Condition(when, "when", known),
            Device = device,
            Parameters = parameters,
            Decoder = new ProfileDecoderReader(expressions, problems).Read(fields, known),
            Time = expressions.Slot(fields, "time", ValueForm.Instant, false, known),
            Sequence = expressions.Slot(fields, "sequence", ValueForm.Whole, false, known),
            EmptyList = fields.Optional("heartbeat") is DocumentScalar ? expressions.Path(fields, "heartbeat", known) : null,
            Heartbeats = ReadHeartbeats(fields, expressions, known, problems),
            Lag = ReadLag(fields, problems),
            OnChange = fields.Flag("onChange", false),
            Unmatched = ReadUnmatched(fields, problems),
            DropsUnlistedChannels = ReadUnlisted(fields, problems),
            Rules = rules.Read(fields, known),
        };
        var limits = ReadLimits(fields, problems);
        var fixtures = fields.Items("fixtures");
        fields.RefuseUnknown();
        if (problems.Found.Count > before)
            return null;
        var profile = new EquipmentProfile(name, version, limits, parts with { FixtureCount = fixtures.Count });
        foreach (var fixture in fixtures)
            ProfileFixture.Run(profile, fixture, problems);
        return problems.Found.Count > before ? null : profile;
    }

    private static (TopicPattern? Topic, DocumentScalar? When) ReadMatch(DocumentFields fields, DocumentProblems problems)
    {
        if (fields.Optional("match") is not { } match)
        {
            problems.Add(fields.Line, "profile has no match", "add 'match: { topic: … }'");
            return (null, null);
        }

        var inner = new DocumentFields(match, "match", problems);
        var when = inner.Optional("when") as DocumentScalar;
        var text = inner.TextOr("topic", "");
        inner.RefuseUnknown();
        if (text.Length == 0 && when is null)
            problems.Add(match.Line, "match says neither topic nor when", "add 'topic: …', or 'when: …' where the installer chooses the topic");
        if (text.Length == 0)
            return (null, when);
        if (TopicPattern.Read(text) is { } pattern && (pattern.Names.Contains(TopicPattern.DeviceSegment) || fields.Has("device")))
            return (pattern, when);
        problems.Add(inner.LineOf("topic"), $"topic '{text}' does not name the device", "use whole segments in braces, one of them {device}");
        return (null, when);
    }

    private static ProfileParameters ReadParameters(DocumentFields fields, DocumentProblems problems)
    {
        var defaults = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var required = new List<string>();
        if (fields.Optional("parameters") is not { } node)
            return new ProfileParameters(defaults, required);
        if (node is not DocumentMapping mapping)
        {
            problems.Add(node.Line, "parameters is not a list of named values", "write 'name: default' lines, or 'name: { required: true }'");
            return new ProfileParameters(defaults, required);
        }

        foreach (var entry in mapping.Entries)
        {
            if (!ProfileNames.IsName(entry.Name) || entry.Name == ProfileParameters.Topic)
                problems.Add(entry.Line, $"a parameter is called '{entry.Name}'", "use 1 to 32 letters, digits and _; 'topic' has its own meaning");
            else if (entry.Value is DocumentScalar { Text: var text })
                defaults[entry.Name] = text.Length == 0 ? [] : [text];
            else if (new DocumentFields(entry.Value, "parameter", problems) is var inner && inner.TextOr("required", "") == "true")
                required.Add(entry.Name);
            else
                problems.Add(entry.Line, $"parameter '{entry.Name}' has neither a default nor 'required: true'", "write 'name: default' or 'name: { required: true }'");
        }

        return new ProfileParameters(defaults, required);
    }

    private static List<ProfileHeartbeat> ReadHeartbeats(DocumentFields fields, ProfileExpressions expressions, IReadOnlySet<string> known, DocumentProblems problems)
    {
        var heartbeats = new List<ProfileHeartbeat>();
        if (fields.Optional("heartbeat") is null or DocumentScalar)
            return heartbeats;
        foreach (var item in fields.Items("heartbeat"))
        {
            var inner = new DocumentFields(item, "heartbeat", problems);
            heartbeats.Add(new ProfileHeartbeat(expressions.Condition(inner, "when", known), expressions.Slot(inner, "upTo", ValueForm.Instant, false, known)));
            inner.RefuseUnknown();
        }

        return heartbeats;
    }

    // Beside heartbeats it would make a zero of an outage that they show.
    private static TimeSpan? ReadLag(DocumentFields fields, DocumentProblems problems)
    {
        if (!fields.Has("lagSeconds"))
            return null;
        if (fields.Has("heartbeat"))
            problems.Add(fields.LineOf("lagSeconds"), "the profile has both 'heartbeat' and 'lagSeconds'", "leave 'lagSeconds' out: what vouches need not be guessed");
        return TimeSpan.FromSeconds(fields.Whole("lagSeconds", 1, (int)EquipmentProfile.LagMax.TotalSeconds));
    }

    private static UnmatchedMessage ReadUnmatched(DocumentFields fields, DocumentProblems problems)
    {
        switch (fields.TextOr("unmatched", "ignore"))
        {
            case "ignore":
                return UnmatchedMessage.Ignore;
            case "refuse":
                return UnmatchedMessage.Refuse;
            case "drop":
                return UnmatchedMessage.Drop;
            case var other:
                problems.Add(fields.LineOf("unmatched"), $"unmatched is '{other}'", "write ignore, refuse or drop");
                return UnmatchedMessage.Refuse;
        }
    }

    private static bool ReadUnlisted(DocumentFields fields, DocumentProblems problems)
    {
        var text = fields.TextOr("unlisted", "refuse");
        if (text is not ("refuse" or "drop"))
            problems.Add(fields.LineOf("unlisted"), $"unlisted is '{text}'", "write refuse or drop: what becomes of a channel that the site does not list");
        return text == "drop";
    }

    private static ProfileLimits ReadLimits(DocumentFields fields, DocumentProblems problems)
    {
        var inner = new DocumentFields(fields.Optional("limits") ?? new DocumentMapping([], fields.Line), "limits", problems);
        var limits = new ProfileLimits(
            inner.Whole("bytes", 2, ProfileLimits.BytesMax, 16_384),
            inner.Whole("readings", 1, ProfileLimits.ReadingsMax, 200),
            inner.Whole("depth", 1, ProfileLimits.DepthMax, 8),
            inner.Whole("elements", 1, ProfileLimits.ElementsMax, 1_000),
            ReadClockWindow(inner));
        inner.RefuseUnknown();
        return limits;
    }

    // Behind: what is older than repeats are remembered cannot be told from one. Not under 10 s, since a message takes its time on the way.
    private static DeviceClockWindow ReadClockWindow(DocumentFields limits) => new(
        TimeSpan.FromSeconds(limits.Whole("behindSeconds", 10, (int)DeviceClockWindow.Wall.Behind.TotalSeconds, (int)DeviceClockWindow.Wall.Behind.TotalSeconds)),
        TimeSpan.FromSeconds(limits.Whole("aheadSeconds", 0, (int)DeviceClockWindow.AheadMax.TotalSeconds, (int)DeviceClockWindow.Wall.Ahead.TotalSeconds)));
}
