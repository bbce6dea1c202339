using System.Globalization;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.History;

/// <summary>What somebody tries who has InfluxQL, a secret that may read released numbers, and bad intentions.</summary>
internal sealed class ReaderAttack(Func<string, Task<IReadOnlyList<InfluxRow>>> ask)
{
    /// <summary>What there is, as docs/reference/influxdb.md says: nothing else may turn up.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Documented = new Dictionary<string, string[]>
    {
        ["crowd"] = ["time", "space", "series", "kind", "grid", "value", "reason", "err95", "alive", "total", "unconfirmed", "cells", "cellsReleased", "seconds", "hourOfWeek", "localDay", "terms"],
        ["week"] = ["time", "space", "series", "kind", "weekday", "hour", "value", "reason", "err95", "hours", "missing", "minutes"],
        ["ledger"] = ["time", "seq", "number", "hash"],
    };

    private static readonly string[] Forbidden =
    [
        """SELECT * FROM "health".."device" """,
        """SELECT * FROM "health"."autogen"."device" """,
        """SELECT * FROM "health"."autogen"./.*/""",
        """SHOW MEASUREMENTS ON "health" """,
        """SHOW SERIES ON "health" """,
        """SHOW TAG VALUES ON "health" WITH KEY = "device" """,
        """SHOW FIELD KEYS ON "health" """,
        """SELECT * FROM "_internal"."monitor"."write" """,
        "SHOW STATS",
        "SHOW DIAGNOSTICS",
        "SHOW SHARDS",
        "SHOW SUBSCRIPTIONS",
        "SHOW USERS",
        """SHOW GRANTS FOR "monitoring-analysis" """,
        """SELECT * INTO "copy" FROM "crowd" """,
        """SELECT * INTO "health".."device" FROM "crowd" """,
        """DELETE FROM "crowd" """,
        """DROP MEASUREMENT "crowd" """,
        """DROP DATABASE "released" """,
        """CREATE DATABASE "mine" """,
        """CREATE USER "me" WITH PASSWORD 'me' WITH ALL PRIVILEGES""",
        $"""GRANT READ ON "health" TO "{ReplayedDay.Reader}" """,
        """CREATE SUBSCRIPTION "mine" ON "released"."autogen" DESTINATIONS ALL 'udp://127.0.0.1:9'""",
    ];

    /// <summary>Reads all that there is, and how much of it: measurements, series, names, points.</summary>
    /// <returns>One line for each thing.</returns>
    public async Task<IReadOnlyList<string>> EverythingAsync()
    {
        var found = new List<string>();
        foreach (var list in (string[])["SHOW DATABASES", "SHOW MEASUREMENTS", "SHOW SERIES", "SHOW TAG KEYS", "SHOW FIELD KEYS", "SHOW RETENTION POLICIES", "SHOW SERIES EXACT CARDINALITY", "SHOW CONTINUOUS QUERIES"])
            found.AddRange((await ask(list)).Select(row => $"{list}: {Text(row)}"));
        foreach (var (measurement, rows) in await PointsAsync())
            found.AddRange(rows.Select(row => $"{measurement}: {Text(row)}"));
        return found;
    }

    /// <summary>All points by measurement.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<InfluxRow>>> PointsAsync()
    {
        var points = new Dictionary<string, IReadOnlyList<InfluxRow>>();
        foreach (var row in await ask("SHOW MEASUREMENTS"))
            points.Add((string)row["name"]!, await ask($"SELECT * FROM \"{row["name"]}\""));
        return points;
    }

    /// <summary>Tries what must be refused.</summary>
    /// <returns>What was not, with what it gave away.</returns>
    public async Task<IReadOnlyList<string>> GivenAwayAsync()
    {
        var given = new List<string>();
        foreach (var query in Forbidden)
        {
            try
            {
                given.Add($"{query}: {string.Join("; ", (await ask(query)).Select(Text))}");
            }
            catch (InfluxRefusedException)
            {
            }
        }

        return given;
    }

    private static string Text(InfluxRow row) => string.Join(' ', row.Columns.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.Key}={column.Value}")));
}
