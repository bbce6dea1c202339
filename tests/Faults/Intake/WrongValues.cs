namespace Monitoring.Faults.Intake;

/// <summary>JSON values, and things that look like JSON values, which do not belong where they are put.</summary>
internal static class WrongValues
{
    /// <summary>No count of people.</summary>
    public static readonly string[] Counts =
    [
        "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "-1", "-1000000", "1000001", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999",
        "1.5", "01", "+1", ".5", "1.", "0x10", "1_000", "--1", "1e", "\"3\"", "true", "[1]", "{}", "\"\\u001b[31m\"", "'3'", "undefined", "",
    ];

    private static readonly string[] Others = ["-0", "-0.0", "1e-400", "1E2", "0.1e1", "null", "false", "[]", "{}", "[[]]", "[null]", "\"\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"raised\"", "\"gate\"", "\"\u0001\"", "\"\r\n\"", "\"", "]", "}"];

    private static readonly string[] Instants =
    [
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "0000-00-00T00:00:00Z", "1970-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-03-29T02:30:00+01:00",
        "2026-12-31T23:59:60Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+99:99", "2026-01-01T00:00:00", "2026-01-01", "11/10/2026", "2262-04-11T23:47:16.854775807Z", "1600-01-01T00:00:00Z", "2026-01-01T00:00:00Z ", "２０２６-01-01T00:00:00Z",
    ];

    /// <summary>Any of them.</summary>
    public static Json Any(Chance chance) => chance.Below(8) switch
    {
        0 or 1 => new Json.Raw(chance.Of(Counts)),
        2 or 3 => new Json.Raw(chance.Of(Others)),
        4 => Json.Text(chance.Of(Instants)),
        5 => Json.Text(HostileText.Any(chance)),
        6 => Deep(chance, 1 + chance.Below(20)),
        _ => Json.List(Enumerable.Range(0, chance.Of(1, 199, 201, 5_000)).Select(i => Json.Number(i))),
    };

    /// <summary>Lists or objects in one another.</summary>
    public static Json Deep(Chance chance, int levels)
    {
        Json inner = Json.Number(1);
        for (var i = 0; i < levels; i++)
            inner = chance.OneIn(2) ? Json.List(inner) : Json.Object(("x", inner));
        return inner;
    }
}
