namespace Monitoring.Faults.Intake;

/// <summary>Texts that try to be something else: escapes of a terminal, line ends, commands, other spellings of a known name.</summary>
internal static class HostileText
{
    /// <summary>Stands in every text that is made here, so that it is found wherever it must not be.</summary>
    public const string Mark = "mArKoFcAsE";

    /// <summary>What an injected log line would look like.</summary>
    private const string LogLine = "\r\n2026-01-01T00:00:00.000Z fail: Monitoring[1] injected\r\n";

    private static readonly string[] Parts =
    [
        "\u001b[2J\u001b[31m", "\u009b31m", LogLine, "\n", "\r", "\0", "\b\b\b\b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\u0007",
        "<script>alert(1)</script>", "{Count} {0} %s%n", "'; DROP TABLE rows; --", "../../gateway/secrets.json", "${jndi:ldap://x}", "é", "e\u0301", "👮🏽‍♀️", "\ufffd", "+", "#", "/", "$SYS/",
    ];

    /// <summary>Other spellings of the channel <c>gate</c>: what looks alike is not the same.</summary>
    public static readonly string[] Confusables =
    [
        "g\u0430te", "Gate", "GATE", "gate ", " gate", "gate\u200b", "\u200dgate", "ｇａｔｅ", "gat\u0435", "\u0261ate", "gate\u0301", "g\u00e5te", "\u202egate", "gate\u00a0", "ga\u00adte", "gate\t", "𝐠𝐚𝐭𝐞",
    ];

    /// <summary>A text with the mark and one to three hostile parts; now and then a very long one.</summary>
    public static string Any(Chance chance)
    {
        var text = Mark;
        for (var i = chance.Below(3); i >= 0; i--)
            text = chance.OneIn(2) ? text + chance.Of(Parts) : chance.Of(Parts) + text;
        return chance.OneIn(20) ? text + new string('x', chance.Of(120, 256, 300, 4_000)) : text;
    }

    /// <summary>A topic: hostile, another's, or too deep.</summary>
    public static string Topic(Chance chance) => chance.Below(8) switch
    {
        0 => "equipment/+/readings",
        1 => "#",
        2 => string.Join('/', Enumerable.Repeat("a", 1 + chance.Below(60))),
        3 => $"equipment/{HostileSite.HonestDevice}/readings",
        4 => "",
        5 => HostileSite.Topic.ToUpperInvariant(),
        6 => HostileSite.Topic + chance.Of("/", "\0", " ", "\u200b", "/..", "\n"),
        _ => Any(chance),
    };
}
