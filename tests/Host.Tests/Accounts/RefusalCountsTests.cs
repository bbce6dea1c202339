using Monitoring.Dashboard.Accounts;

namespace Monitoring.Host.Tests.Accounts;

public sealed class RefusalCountsTests
{
    private static readonly DateTimeOffset Minute = new(2026, 11, 22, 3, 14, 0, TimeSpan.Zero);

    [Fact]
    public void A_principal_has_one_entry_a_minute_with_counts_by_route()
    {
        var counts = new RefusalCounts(Minute);
        for (var i = 0; i < 1_000; i++)
            counts.Add("denied", "anonymous", "GET /api/spaces 401");
        counts.Add("denied", "anonymous", "GET /api/audit 401");
        counts.Add("denied", "analyst", "GET /api/audit 403");
        var facts = counts.Facts("p");
        Assert.Equal(2, facts.Count);
        Assert.Equal(("anonymous", "GET /api/spaces 401", "1001 in this minute: GET /api/spaces 401 1000, GET /api/audit 401 1"), (facts[0].Who, facts[0].Subject, facts[0].Detail));
        Assert.Equal(Minute, facts[0].At);
        Assert.Equal(2, facts.Select(fact => fact.Id).Distinct().Count());
    }

    [Fact]
    public void Beyond_its_limits_principals_and_subjects_are_counted_together()
    {
        var counts = new RefusalCounts(Minute);
        for (var i = 0; i <= RefusalCounts.PrincipalsMax; i++)
            counts.Add("denied", $"user{i}", "GET /api/audit 403");
        for (var i = 0; i <= RefusalCounts.SubjectsMax; i++)
            counts.Add("denied", "user0", $"GET /api/{i} 403");
        var facts = counts.Facts("p");
        Assert.Equal(RefusalCounts.PrincipalsMax + 1, facts.Count);
        Assert.Equal("1 in this minute: GET /api/audit 403 1", facts.Single(fact => fact.Who == RefusalCounts.Others).Detail);
        Assert.Contains("(others) 2", facts.Single(fact => fact.Who == "user0").Detail, StringComparison.Ordinal);
    }
}
