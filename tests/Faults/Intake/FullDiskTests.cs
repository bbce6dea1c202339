using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>A disk that is really full, under the journal or under the state: nothing accepted is lost, and the hub goes on by itself when there is room.</summary>
public sealed class FullDiskTests
{
    private static readonly FaultSite Site = new(1, 4);

    [Theory]
    [InlineData("gateway")]
    [InlineData("silo")]
    public async Task A_full_disk_costs_nothing_that_was_accepted(string folderOfRole)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
        using var disk = SmallDisk.MountOrSkip(Path.Combine(folder.File("data"), folderOfRole), 24);
        await using var hub = await TroubledHub.WholeAsync(folder, Site, cancellation);
        var script = FleetScript.Of(Site.Gates, [Workloads.Paced(150), Workloads.Totals(null), Workloads.Disorder, Workloads.Numbered], RunSeed.Value, TimeProvider.System.GetUtcNow(), 1_000);
        var full = new Fault($"disk of the {folderOfRole} really full", async (_, chance, token) =>
        {
            disk.Fill();
            await Task.Delay(TimeSpan.FromMilliseconds(1_000 + chance.Below(1_500)), TimeProvider.System, token);
            disk.Free();
        });
        var killed = new Fault($"SIGKILL while the disk of the {folderOfRole} is full", async (_, chance, token) =>
        {
            disk.Fill();
            await Task.Delay(TimeSpan.FromMilliseconds(500 + chance.Below(1_000)), TimeProvider.System, token);
            await hub.Part(TroubledHub.Whole).KillAsync();
            disk.Free();
            await hub.StartAgainAsync(TroubledHub.Whole, token);
        });
        await new FaultTrial(hub, Site, script).RunAsync(folder, [full, full, killed], cancellation);
    }
}
