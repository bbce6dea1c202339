using Monitoring.Harness;
using static Monitoring.History.Tests.InfluxSamples;

namespace Monitoring.History.Tests;

/// <summary>What somebody finds out who has only InfluxQL and may read the released numbers: those, and nothing else.</summary>
public sealed class InfluxReaderTests(InfluxFixture fixture) : IClassFixture<InfluxFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Statements that are refused, by what they try; {health} and {released} stand for the databases.</summary>
    public static TheoryData<string> Refused =>
    [
        // Reading the equipment.
        "SELECT * FROM \"{health}\"..device", "SELECT * FROM \"{health}\".\"autogen\".\"device\"", "SELECT * FROM (SELECT * FROM \"{health}\"..device)",
        "SELECT * FROM crowd, \"{health}\"..device", "SELECT * FROM \"{health}\"../.*/", "SHOW MEASUREMENTS ON \"{health}\"", "SHOW SERIES ON \"{health}\"", "SHOW TAG KEYS ON \"{health}\"",
        "SHOW TAG VALUES ON \"{health}\" WITH KEY = \"device\"", "SHOW FIELD KEYS ON \"{health}\"", "SHOW RETENTION POLICIES ON \"{health}\"", "SHOW SERIES CARDINALITY ON \"{health}\"",
        // Reading about the server and its users.
        "SHOW USERS", "SHOW GRANTS FOR \"{released}_writer\"", "SHOW STATS", "SHOW DIAGNOSTICS", "SHOW SHARDS", "SHOW SHARD GROUPS", "SHOW SUBSCRIPTIONS",
        "SELECT * FROM \"_internal\"..\"write\"",
        // Writing and deleting.
        "SELECT * INTO \"{released}\"..stolen FROM crowd", "SELECT * INTO \"{health}\"..stolen FROM crowd", "DELETE FROM crowd", "DROP SERIES FROM crowd", "DROP MEASUREMENT crowd",
        "DROP DATABASE \"{released}\"", "CREATE DATABASE mine", "CREATE RETENTION POLICY p ON \"{released}\" DURATION INF REPLICATION 1", "DROP RETENTION POLICY autogen ON \"{released}\"",
        "ALTER RETENTION POLICY autogen ON \"{released}\" DURATION 1h",
        "CREATE SUBSCRIPTION s ON \"{released}\".\"autogen\" DESTINATIONS ALL 'udp://127.0.0.1:9'",
        // Becoming somebody else.
        "CREATE USER mine WITH PASSWORD 'p' WITH ALL PRIVILEGES", "CREATE USER mine WITH PASSWORD 'p'", "GRANT ALL PRIVILEGES TO \"{released}_reader\"", "GRANT READ ON \"{health}\" TO \"{released}_reader\"",
        "SET PASSWORD FOR \"{released}_writer\" = 'p'", "SET PASSWORD FOR \"admin\" = 'p'", "DROP USER \"{released}_writer\"", "REVOKE WRITE ON \"{released}\" FROM \"{released}_writer\"", "KILL QUERY 1",
    ];

    [Theory, MemberData(nameof(Refused))]
    public async Task A_reader_of_released_numbers_is_refused(string statement)
    {
        var place = await SharedAsync();
        var refused = await Assert.ThrowsAsync<InfluxRefusedException>(() => place.RowsAsync(statement.Replace("{health}", place.Health, StringComparison.Ordinal).Replace("{released}", place.Released, StringComparison.Ordinal)));
        // Refused for want of the right, and not because the statement is wrong; the same works for the admin or fails for another reason.
        Assert.Equal(403, refused.Status);
        Assert.Contains("not authorized", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_of_released_numbers_sees_no_other_database()
    {
        var place = await SharedAsync();
        Assert.Equal([place.Released], (await place.RowsAsync("SHOW DATABASES")).Select(row => row["name"]));
    }

    [Fact]
    public async Task A_reader_of_released_numbers_sees_numbers_terms_and_reasons_and_nothing_else()
    {
        var place = await SharedAsync();
        Assert.Equal(["crowd"], (await place.RowsAsync("SHOW MEASUREMENTS")).Select(row => row["name"]));
        Assert.Equal(["grid", "kind", "series", "space"], (await place.RowsAsync("SHOW TAG KEYS")).Select(row => row["tagKey"]));
        Assert.Equal(
            ["alive", "cells", "cellsReleased", "err95", "hourOfWeek", "localDay", "reason", "seconds", "terms", "total", "unconfirmed", "value"],
            (await place.RowsAsync("SHOW FIELD KEYS")).Select(row => (string)row["fieldKey"]!).Order(StringComparer.Ordinal));
        foreach (var row in await place.RowsAsync("SELECT * FROM crowd"))
            Assert.DoesNotContain(Noisy, row.Columns.Values.OfType<long>());
    }

    [Fact]
    public async Task Neither_reader_nor_writer_can_do_what_the_other_can()
    {
        var place = await SharedAsync();
        using var reader = new InfluxCopy(fixture.Server.Url.ToString(), options => (options.Version, options.AnalysisBucket, options.AnalysisUser) = (1, place.Released, $"{place.Released}_reader"), analysis: "reads");
        Assert.True((await reader.AwayAsync(() => reader.AppendAsync(Point(Noon, 99)))).NeedsPerson);
        Assert.True((await reader.AwayAsync(() => reader.History.ClearAsync(Cancellation))).NeedsPerson);
        Assert.Equal(57L, Assert.Single(await place.RowsAsync("SELECT value FROM crowd"))["value"]);

        var refused = await Assert.ThrowsAsync<InfluxRefusedException>(() => fixture.Server.QueryAsync("SELECT * FROM crowd", place.Released, $"{place.Released}_writer", Token, Cancellation));
        Assert.Equal(403, refused.Status);
        using var crossed = new InfluxCopy(fixture.Server.Url.ToString(), options => (options.Version, options.OperationsBucket, options.OperationsUser) = (1, place.Health, $"{place.Released}_writer"), operations: Token);
        Assert.True((await crossed.AwayAsync(() => crossed.AppendAsync(Health(Noon)))).NeedsPerson);
    }

    [Fact]
    public async Task Without_a_password_nothing_is_answered()
    {
        var place = await SharedAsync();
        foreach (var (user, password) in new[] { ("", ""), (InfluxServer.Admin, ""), ($"{place.Released}_reader", "guess") })
            Assert.Equal(401, (await Assert.ThrowsAsync<InfluxRefusedException>(() => fixture.Server.QueryAsync("SHOW DATABASES", place.Released, user, password, Cancellation))).Status);
    }

    private Task<InfluxPlace> SharedAsync() => fixture.SharedAsync(async place =>
    {
        await place.Copy.AppendAsync(Point(Noon), Point(Noon.AddHours(1), null));
        await place.Copy.AppendAsync(Health(Noon));
    });
}
