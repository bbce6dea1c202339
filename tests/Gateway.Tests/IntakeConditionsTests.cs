using Monitoring.Contracts.Intake;
using Monitoring.Domain.Alarms;
using Monitoring.Gateway.Intake;
using Monitoring.Storage;

namespace Monitoring.Gateway.Tests;

/// <summary>What a gateway says that holds with it, as the silo hears it.</summary>
public sealed class IntakeConditionsTests
{
    private static readonly (string, string)[] Slow = [("Gateway:Intake:DeviceMessagesPerSecondMax", "2"), ("Gateway:Intake:DeviceMessagesAtOnceMax", "4")];

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task A_gateway_that_is_well_says_so()
    {
        await using var gateway = await RunningGateway.StartAsync(_time);
        await SaysAsync(gateway);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_is_told_until_it_can()
    {
        await using var gateway = await RunningGateway.StartAsync(_time);
        using var client = await gateway.ConnectAsync("one");
        gateway.File.Fail(true);
        Assert.False((await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
        await SaysAsync(gateway, new IntakeCondition(IntakeRule.JournalAway, "gateway-1", 1, 1));

        gateway.File.Fail(false);
        Assert.True((await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
        gateway.Silo.Reported = null;
        _time.Step(IntakeConditions.AwayHolds - TimeSpan.FromSeconds(1));
        await SaysAsync(gateway, new IntakeCondition(IntakeRule.JournalAway, "gateway-1", 1, 1));
        _time.Step(TimeSpan.FromSeconds(1));
        await SaysAsync(gateway);
    }

    [Fact]
    public async Task Soon_after_its_start_it_says_what_it_cannot_know()
    {
        await using var gateway = await RunningGateway.StartAsync(_time);
        await RunningGateway.Until(() => gateway.Silo.Unknown.Order().SequenceEqual([IntakeRule.JournalAway, IntakeRule.MessageRate, IntakeRule.NotSaved]), "the gateway to know of the ages, and of nothing else");
        await gateway.Journal.TryAppend("square", [1])!.Value.Committed;
        _time.Step(IntakeConditions.UnsavedMax);
        gateway.Age.Look();
        await RunningGateway.Until(() => gateway.Silo.Unknown.Count == 0, "the gateway to know all");
    }

    [Fact]
    public async Task A_journal_is_said_to_fill_from_seventy_percent()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: ("Gateway:Journal:BytesMax", "10485760"));
        gateway.Silo.IsAway = true;
        while (gateway.Journal.UsedPercent < IntakeConditions.FillingPercent)
            await gateway.Journal.TryAppend("square", new byte[100_000])!.Value.Committed;
        gateway.Silo.IsAway = false;
        await RunningGateway.Until(() => gateway.Silo.Reported is [{ Rule: IntakeRule.JournalFilling, Limit: IntakeConditions.FillingPercent, Value: >= IntakeConditions.FillingPercent and < 100 }], "the gateway to say that its journal fills");
    }

    [Fact]
    public async Task Messages_that_nobody_saves_are_told_at_half_of_their_time_and_when_they_expire()
    {
        await using var gateway = await RunningGateway.StartAsync(_time);
        gateway.Silo.IsAway = true;
        await gateway.Journal.TryAppend("square", [1])!.Value.Committed;
        gateway.Silo.IsAway = false;
        _time.Step(TimeSpan.FromMinutes(180));
        gateway.Age.Look();
        await RunningGateway.Until(() => gateway.Silo.Reported?.Any(condition => condition is { Rule: IntakeRule.JournalAging, Value: 3, Limit: 3 }) == true, "the gateway to warn");
        Assert.DoesNotContain(gateway.Silo.Reported!, condition => condition.Rule == IntakeRule.JournalExpired);

        _time.Step(TimeSpan.FromMinutes(180));
        gateway.Age.Look();
        await RunningGateway.Until(() => gateway.Silo.Reported!.Any(condition => condition is { Rule: IntakeRule.JournalExpired, Limit: 6 }), "the gateway to say that it expired");
        await RunningGateway.Until(() => gateway.Silo.Reported!.Contains(new IntakeCondition(IntakeRule.NotSaved, "gateway-1", 1, 1)), "the gateway to say that a space does not save");
    }

    [Fact]
    public async Task A_damaged_row_is_told_for_a_day()
    {
        var folder = RunningGateway.NewFolder();
        await using var gateway = await RunningGateway.StartAsync(_time, folder);
        gateway.Silo.IsAway = true;
        await gateway.Journal.TryAppend("square", [1, 2, 3])!.Value.Committed;
        using (var file = SqliteFile.Connect(Path.Combine(folder, "gateway", "journal.db")))
            SqliteFile.Execute(file, "UPDATE rows SET body = X'000203'");
        gateway.Age.Look();
        gateway.Silo.IsAway = false;
        await SaysAsync(gateway, new IntakeCondition(IntakeRule.JournalDamaged, "gateway-1", 1, 1));
        await RunningGateway.Until(() => IsSavedBy(gateway.Silo.Space("square"), gateway), "the space to have noted it");
        _time.Step(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        gateway.Age.Look();
        await SaysAsync(gateway);
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_device_that_babbles_is_told_once_and_for_a_minute_after_it_has_stopped()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: Slow);
        using var client = await gateway.ConnectAsync("one");
        for (var i = 0; i < 5; i++)
            await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(i));
        var babbles = new IntakeCondition(IntakeRule.MessageRate, "c1", 2, 2);
        await SaysAsync(gateway, babbles);
        _time.Step(BabblingDevices.Holds);
        gateway.Silo.Reported = null;
        await SaysAsync(gateway, babbles);
        _time.Step(TimeSpan.FromSeconds(1));
        await SaysAsync(gateway);
    }

    [Fact]
    public void At_most_fifty_devices_are_told_of_and_one_more_when_one_has_stopped()
    {
        var babbling = new BabblingDevices(_time);
        for (var i = 0; i < BabblingDevices.DevicesMax; i++)
            babbling.Note($"d{i}");
        babbling.Note("one more");
        Assert.Equal(BabblingDevices.DevicesMax, babbling.Now().Count());
        Assert.DoesNotContain("one more", babbling.Now());
        _time.Step(BabblingDevices.Holds + TimeSpan.FromSeconds(1));
        Assert.Empty(babbling.Now());
        babbling.Note("one more");
        Assert.Equal(["one more"], babbling.Now());
    }

    private static bool IsSavedBy(FakeSpace space, RunningGateway gateway)
    {
        space.Save();
        return gateway.Journal.Read(0, 1).IsEnd;
    }

    // The spaces in memory save only when told: that is another test's.
    private static Task SaysAsync(RunningGateway gateway, params IntakeCondition[] conditions) =>
        RunningGateway.Until(() => gateway.Silo.Reported is { } said && said.Where(condition => condition.Rule != IntakeRule.NotSaved).SequenceEqual(conditions), $"the gateway to say {conditions.Length} conditions: {string.Join(", ", conditions.Select(condition => condition.Rule))}");
}
