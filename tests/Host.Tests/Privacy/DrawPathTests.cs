using Monitoring.Privacy;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A-08, in the compiled code: a number is drawn where the ledger is written, that is done by the queue's own thread, and nothing else leads there.</summary>
public sealed class DrawPathTests
{
    private const string Draw = "DiscreteLaplace.Draw";

    private static readonly CallGraph Hub = CallGraph.OfHub();

    [Fact]
    public void A08_To_a_draw_there_is_one_way_and_it_begins_at_the_thread_that_writes_the_ledger() => Assert.Equal(
        [
            "ReleaseMechanism.Release > DiscreteLaplace.Draw",
            "ReleaseQueue..ctor (lambda) > ReleaseQueue.Release",
            "ReleaseQueue..ctor > ReleaseQueue..ctor (lambda)",
            "ReleaseQueue.Release > ReleaseQueue.ReleaseAlone",
            "ReleaseQueue.Release > ReleaseStore.Release",
            "ReleaseQueue.ReleaseAlone > ReleaseStore.Release",
            "ReleaseStore.Release (lambda) > ReleaseMechanism.Release",
            "ReleaseStore.Release > ReleaseStore.Release (lambda)",
        ],
        Hub.WaysTo(Draw, "ReleaseQueue..ctor").Order(StringComparer.Ordinal));

    [Fact]
    public void A08_What_the_queue_is_given_is_run_by_its_writer_alone() => Assert.Equal(
        ["GroupCommit..ctor > GroupCommit.Write", "GroupCommit..ctor > GroupCommit._commit", "GroupCommit.Commit > GroupCommit._commit", "GroupCommit.Write > GroupCommit.Commit"],
        Hub.WaysTo("GroupCommit._commit", "GroupCommit..ctor").Order(StringComparer.Ordinal));

    [Fact]
    public void A08_Cells_are_brought_to_the_queue_by_the_beat_of_their_space_and_by_the_clock_of_a_replay() => Assert.Equal(
        [
            "SpaceGrain.LookAsync > SpaceReleases.ReleaseSoon",
            "SpaceGrain.ReleaseAllAsync > SpaceReleases.ReleaseNowAsync",
            "SpaceGrain.TickAsync > SpaceGrain.ReleaseAllAsync",
            "SpaceReleases.ReleaseAsync > ReleaseQueue.ReleaseAsync",
            "SpaceReleases.ReleaseNowAsync > SpaceReleases.ReleaseAsync",
            "SpaceReleases.ReleaseSoon > SpaceReleases.ReleaseAsync",
        ],
        Hub.WaysTo("ReleaseQueue.ReleaseAsync", "SpaceGrain.LookAsync", "SpaceGrain.TickAsync").Order(StringComparer.Ordinal));

    [Fact]
    public void A08_Chance_is_asked_for_noise_by_nothing_but_the_mechanism() =>
        Assert.Equal(["ReleaseMechanism.Release > OperatingSystemRandom..ctor"], Hub.WaysTo("OperatingSystemRandom..ctor", "ReleaseMechanism.Release"));

    [Fact]
    public void That_rule_sees_another_way()
    {
        var with = new CallGraph([typeof(DrawPathTests).Assembly, typeof(ReleaseStore).Assembly, typeof(ReleaseMechanism).Assembly]);
        Assert.Contains("ReleaseStoreTests.A_cell_that_has_not_ended_is_not_released > ReleaseStore.Release", with.WaysTo(Draw, "ReleaseQueue..ctor"));
    }
}
