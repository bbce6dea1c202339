using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Domain.History;
using Monitoring.History;

namespace Monitoring.Host.Tests.History;

public sealed class InfluxServicesTests
{
    [Fact]
    public void Without_an_address_nothing_is_copied_to_InfluxDB()
    {
        using var services = With([]);
        Assert.Empty(services.GetServices<IHistoryCopy>());
    }

    [Fact]
    public void With_an_address_InfluxDB_is_one_more_copy()
    {
        using var services = With(new() { ["Silo:History:Influx:Url"] = "http://influxdb:8086", ["Silo:History:Influx:AnalysisTokenFile"] = "a", ["Silo:History:Influx:OperationsTokenFile"] = "b" });
        Assert.Equal("influxdb", Assert.Single(services.GetServices<IHistoryCopy>()).Name);
        Assert.Equal("http://influxdb:8086", services.GetRequiredService<IOptions<InfluxOptions>>().Value.Url);
    }

    [Fact]
    public void An_address_without_secrets_is_refused_at_the_start()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Silo:History:Influx:Url", "http://influxdb:8086")]).Build();
        var refusal = Assert.Throws<HubRefusal>(() => HubProcess.Catalog.RefuseOutOfRange(configuration));
        Assert.Contains("Silo:History:Influx:AnalysisTokenFile", refusal.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider With(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddInfluxHistory(configuration);
        return services.BuildServiceProvider();
    }
}
