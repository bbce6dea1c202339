using Monitoring.Contracts.Intake;

namespace Monitoring.Gateway.Tests;

public sealed class DispatcherTests
{
    private static readonly (string, string) SmallLanes = ("Gateway:Dispatch:LanePendingMax", "512");

    [Fact]
    public async Task A_space_that_was_away_gets_everything_in_order_from_memory_and_journal()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: SmallLanes);
        gateway.Silo.IsAway = true;
        var last = await AppendAsync(gateway, "square", 3_000);
        Assert.Equal(1, gateway.Health.LanesBehind);
        Assert.True(gateway.Health.Pending <= 512);

        gateway.Silo.IsAway = false;
        last = Math.Max(last, await AppendAsync(gateway, "square", 100));

        await AppliedAsync(gateway, "square", last);
        Assert.Equal(3_100, gateway.Silo.Space("square").Applied.Count);
        await RunningGateway.Until(() => gateway.Health is { LanesBehind: 0, Pending: 0 }, "the lane to have caught up");
    }

    [Fact]
    public async Task A_lane_is_full_by_bytes_too_and_what_is_over_is_read_from_the_journal()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: ("Gateway:Dispatch:PendingBytesMax", "1048576"));
        gateway.Silo.IsAway = true;
        for (var i = 0; i < 10; i++)
            await gateway.Journal.TryAppend("square", new byte[262_144])!.Value.Committed;
        Assert.Equal((4, 1), (gateway.Health.Pending, gateway.Health.LanesBehind));

        gateway.Silo.IsAway = false;
        await RunningGateway.Until(() => gateway.Silo.Space("square").Applied.Count == 10, "everything to be applied");
        AssertInOrder(gateway.Silo.Space("square"));
    }

    [Fact]
    public async Task One_space_behind_does_not_hold_up_another_and_nothing_is_lost_or_doubled()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: SmallLanes);
        gateway.Silo.IsAway = true;
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(gateway, "square", 100);
            await AppendAsync(gateway, "park", 50);
        }

        gateway.Silo.IsAway = false;
        await gateway.Dispatcher.DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal((2_000, 1_000), (gateway.Silo.Space("square").Applied.Count, gateway.Silo.Space("park").Applied.Count));
        Assert.All(gateway.Silo.Spaces.Values, AssertInOrder);
    }

    [Fact]
    public async Task A_space_that_lost_its_memory_gets_what_it_had_not_saved_again()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var space = gateway.Silo.Space("square");
        await AppliedAsync(gateway, "square", await AppendAsync(gateway, "square", 10));
        space.Save();
        await AppliedAsync(gateway, "square", await AppendAsync(gateway, "square", 10));

        space.Crash();
        var last = await AppendAsync(gateway, "square", 5);

        await AppliedAsync(gateway, "square", last);
        Assert.Equal(25, space.Applied.Count);
        AssertInOrder(space);
    }

    [Fact]
    public async Task A_quiet_space_that_lost_its_memory_is_noticed_without_a_new_message()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var last = await AppendAsync(gateway, "square", 10);
        await AppliedAsync(gateway, "square", last);

        gateway.Silo.Space("square").Crash();

        await AppliedAsync(gateway, "square", last);
        Assert.Equal(10, gateway.Silo.Space("square").Applied.Count);
    }

    [Fact]
    public async Task A_restarted_gateway_begins_where_each_space_stands()
    {
        var folder = RunningGateway.NewFolder();
        var silo = new FakeSilo { Site = RunningGateway.Site() };
        long last;
        await using (var gateway = await RunningGateway.StartAsync(folder, silo))
        {
            await AppliedAsync(gateway, "square", await AppendAsync(gateway, "square", 10));
            silo.Space("square").Save();
            silo.IsAway = true;
            last = await AppendAsync(gateway, "square", 10);
        }

        await using var again = await RunningGateway.StartAsync(folder, silo);
        silo.IsAway = false;
        await AppliedAsync(again, "square", last);
        Assert.Equal(20, silo.Space("square").Applied.Count);
    }

    [Fact]
    public async Task Rows_are_deleted_only_when_every_space_has_saved_them()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var square = await AppendAsync(gateway, "square", 10);
        await AppliedAsync(gateway, "square", square);
        var park = await AppendAsync(gateway, "park", 10);
        await AppliedAsync(gateway, "park", park);

        gateway.Silo.Space("square").Save();
        await RunningGateway.Until(() => gateway.Dispatcher.Lanes.Any(lane => lane.Saved == square), "the first space's save to be seen");
        Assert.Equal(park, gateway.Journal.CommittedThrough);
        Assert.NotEmpty(gateway.Journal.Read(square, 100).Rows);

        gateway.Silo.Space("park").Save();
        await RunningGateway.Until(() => gateway.Journal.Read(0, 100).IsEnd, "all rows to be deleted");
    }

    [Fact]
    public async Task A_gateway_without_its_silo_signs_equipment_in_and_keeps_messages()
    {
        var folder = RunningGateway.NewFolder();
        var silo = new FakeSilo { Site = RunningGateway.Site() };
        await using (await RunningGateway.StartAsync(folder, silo))
        {
        }

        silo.IsAway = true;
        await using var alone = await RunningGateway.StartAsync(folder, silo);
        using var client = await alone.ConnectAsync("one");
        Assert.True((await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);

        silo.IsAway = false;
        await RunningGateway.Until(() => silo.Space("square").Applied.Count == 1, "the space to get it");
    }

    private static async Task<long> AppendAsync(RunningGateway gateway, string space, int rows)
    {
        var appended = Enumerable.Range(0, rows).Select(_ => gateway.Journal.TryAppend(space, [1])!.Value).ToList();
        await Task.WhenAll(appended.Select(entry => entry.Committed));
        return appended[^1].Offset;
    }

    private static Task AppliedAsync(RunningGateway gateway, string space, long offset) => RunningGateway.Until(
        () => gateway.Silo.Space(space).Applied is [.., var last] && last.Offset >= offset,
        $"{space} to have applied {offset}");

    private static void AssertInOrder(FakeSpace space)
    {
        var offsets = space.Applied.Select((JournaledMessage message) => message.Offset).ToList();
        Assert.Equal(offsets.Order().Distinct(), offsets);
    }
}
