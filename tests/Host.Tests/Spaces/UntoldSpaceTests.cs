using Microsoft.Extensions.DependencyInjection;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>A space that a new site does not reach takes it by itself.</summary>
public sealed class UntoldSpaceTests
{
    [Fact]
    public async Task A_space_that_could_not_be_told_of_a_new_site_takes_it_by_itself_and_the_change_is_done()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var refusing = new Refusing();
        using var silo = await BareSilo.StartAsync(folder.Path, new HubClock(ClockKind.Wall, TimeProvider.System), silo => silo.AddIncomingGrainCallFilter(refusing), cancellation);
        var grains = silo.Services.GetRequiredService<IGrainFactory>();
        var site = grains.GetGrain<ISiteGrain>(0);
        var space = grains.GetGrain<ISpaceGrain>("square");
        Assert.Equal(1, await site.ImportAsync(Document(1)));
        Assert.Equal(["counter-1"], await DevicesAsync(space));

        refusing.IsOn = true;
        Assert.Equal(2, await site.ReplaceAsync(1, Document(2), "technician"));

        await Waiting.UntilAsync("the space has the new device", async () => (await DevicesAsync(space)).SequenceEqual(["counter-1", "counter-2"]), TimeSpan.FromSeconds(60), cancellation);
        Assert.Equal(1, refusing.Refused);
        await silo.StopAsync(cancellation);
    }

    private static SiteDocument Document(int gates) => new("site.yaml", FixtureSites.Square(gates, 60), new Dictionary<string, string>());

    private static async Task<List<string>> DevicesAsync(ISpaceGrain space) => [.. DeviceStatus.FromBytes(await space.GetDevicesAsync()).Select(device => device.Id)];

    /// <summary>A way to the spaces on which word of a new site is lost.</summary>
    private sealed class Refusing : IIncomingGrainCallFilter
    {
        private int _refused;

        public bool IsOn { get; set; }

        public int Refused => _refused;

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (!IsOn || context.MethodName != nameof(ISpaceGrain.ReloadSiteAsync))
                return context.Invoke();
            Interlocked.Increment(ref _refused);
            throw new TimeoutException("Lost on the way.");
        }
    }
}
