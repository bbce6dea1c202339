using System.Net;
using Monitoring.Domain.Alarms;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Alarms;

/// <summary>A device that sends far too often, seen from outside.</summary>
public sealed class IntakeAlarmTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Slow = new()
    {
        ["MONITORING__Gateway__Intake__DeviceMessagesPerSecondMax"] = "1",
        ["MONITORING__Gateway__Intake__DeviceMessagesAtOnceMax"] = "3",
    };

    private static readonly string Site = AlarmSites.Cameras(2, 2).Replace("id: cam-1-2, ", "id: cam-1-2, purpose: statistics, ", StringComparison.Ordinal);

    [Fact]
    public async Task A_journal_that_was_lost_is_entered_in_the_audit_log()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 60)), cancellation);
        await Waiting.UntilAsync("the hub to know its journal", () => Task.FromResult(HeldStore.StateHas(hub.Data, "intake-alarms", "gateway-1")), Soon, cancellation);
        await hub.KillAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(hub.Data, "gateway"), "journal.db*"))
            File.Delete(file);
        await hub.StartAgainAsync(cancellation);
        using var admin = hub.Client();
        await Waiting.UntilAsync("the audit to say so", async () => await ReplacedAsync() == 1, Soon, cancellation);

        async Task<int> ReplacedAsync() => (await admin.GetStringAsync("api/audit?max=50", cancellation)).Split("\"journal-replaced\"").Length - 1;
    }

    [Fact]
    public async Task A_babbling_device_raises_one_alarm_for_those_who_see_its_space_and_holds_up_nobody()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", folder.Write("site.yaml", Site)], cancellation, environment: Slow);
        await using var cabinet = await Publisher.ConnectAsync(hub.Ports.Mqtt, "cabinet", hub.Secret("cabinet"), cancellation);
        using var technician = await ClientAsync("tech", "technician");
        using var here = await ClientAsync("here", "operator", "space-1");
        using var there = await ClientAsync("there", "operator", "space-2");

        foreach (var camera in (string[])["cam-1-2", "cam-1-1"])
        {
            for (var i = 0; i < 30; i++)
                await cabinet.PublishAsync($"equipment/{camera}/readings", """{"readings":[{"channel":"view","occupancy":{"people":7}}]}""", cancellation);
        }

        await cabinet.SeeAsync(2, 1, 8, cancellation);
        await cabinet.SeeAsync(2, 2, 0, cancellation);

        var raised = await AlarmAsync(technician);
        Assert.Equal(("space-1", "cam-1-1", "Camera 1", 3, AlarmState.Unacknowledged), (raised.Space, raised.Subject, raised.SubjectName, raised.Priority, raised.State));
        Assert.Equal(raised.Id, (await AlarmAsync(here)).Id);
        Assert.Empty(await there.AlarmsAsync(cancellation));

        // The other camera is for statistics: the control room does not know of it, and its alarm waits for nobody there.
        Alarm? unseen = null;
        await Waiting.UntilAsync("the technician to see the other camera's alarm", async () => (unseen = (await technician.AlarmsAsync(cancellation)).SingleOrDefault(alarm => alarm.Subject == "cam-1-2")) is not null, Soon, cancellation);
        Assert.Equal((AlarmState.Acknowledged, "hub"), (unseen!.State, unseen.AcknowledgedBy));
        Assert.DoesNotContain(await here.AlarmsAsync(cancellation), alarm => alarm.Subject == "cam-1-2");
        Assert.Equal(HttpStatusCode.NotFound, (await here.AcknowledgeAsync(unseen.Id, cancellation)).StatusCode);
        await Waiting.UntilAsync("the other space to count on", async () => (await there.SpaceAsync("space-2", cancellation)).People == 8, Soon, cancellation);

        Assert.Equal(HttpStatusCode.NotFound, (await there.AcknowledgeAsync(raised.Id, cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await here.AcknowledgeAsync("_intake.999", cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await technician.AcknowledgeAsync(raised.Id, cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.AcknowledgeAsync(raised.Id, cancellation, "cable changed")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await here.AcknowledgeAsync(raised.Id, cancellation)).StatusCode);

        await hub.KillAsync();
        await hub.StartAgainAsync(cancellation);
        await Waiting.UntilAsync("the restarted hub to say that it is over, once", async () => (await here.AlarmsAsync(cancellation, "closed")).SingleOrDefault() is { } over && over.Id == raised.Id && over.AcknowledgedBy == "here", Soon, cancellation);

        async Task<HttpClient> ClientAsync(string user, string role, string? space = null)
        {
            await hub.AddUserAsync(user, role, cancellation, space is null ? [] : [space]);
            var http = new HttpClient { BaseAddress = hub.Address, Timeout = Soon };
            http.DefaultRequestHeaders.Authorization = new("Bearer", await hub.AddTokenAsync(user, "test", cancellation));
            return http;
        }

        async Task<Alarm> AlarmAsync(HttpClient http)
        {
            Alarm? found = null;
            await Waiting.UntilAsync("one alarm of the way in", async () => (found = (await http.AlarmsAsync(cancellation)).SingleOrDefault(alarm => alarm is { Rule: IntakeRule.MessageRate, Subject: "cam-1-1" })) is not null, Soon, cancellation);
            return found!;
        }
    }
}
