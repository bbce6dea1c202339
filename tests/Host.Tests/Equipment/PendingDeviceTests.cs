using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>An unknown device waits, is adopted over the API, counts from then on, and is still there after a restart.</summary>
public sealed class PendingDeviceTests
{
    private const string Topic = "equipment/new-gate/readings";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_device_that_was_adopted_counts_and_survives_a_restart()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var site = folder.Write("site.yaml", FixtureSites.Square(2, 60).Replace("      - { id: counter-2, kind: counter, intervalSeconds: 60, channels: [{ name: gate, line: gate-2 }] }", "      # The second gate has no counter yet.", StringComparison.Ordinal).Replace("      - equipment/counter-2/readings\n", "", StringComparison.Ordinal));
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), site, cancellation);
        using var watching = await hub.OperatorAsync(cancellation);
        using var technician = await ClientAsync(hub, "tech", "technician", cancellation);
        await using (var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation))
        {
            Assert.Equal("[]", await technician.GetStringAsync("api/devices/pending", cancellation));
            Assert.False((await publisher.PublishAsync(Topic, Count(48151), cancellation)).IsSuccess);
            var listed = await technician.GetStringAsync("api/devices/pending", cancellation);
            Assert.DoesNotContain("48151", listed, StringComparison.Ordinal);
            var device = JsonDocument.Parse(listed).RootElement[0];
            Assert.Equal(("square", Topic, "new-gate", "json", 1), (Text(device, "connection"), Text(device, "topic"), Text(device, "device"), Text(device, "form"), device.GetProperty("siteVersion").GetInt32()));
            Assert.Equal("""[{"profile":"native","address":"new-gate","channels":[{"name":"north","kind":"count"}]}]""", device.GetProperty("sights").GetRawText());
            Assert.Contains("""{"path":"readings[].count.in","type":"number"}""", device.GetProperty("fields").GetRawText(), StringComparison.Ordinal);
            Assert.Equal("one", Text(device, "messages"));
            Assert.All((string[])["firstSeen", "lastSeen"], name => Assert.Equal(TimeSpan.Zero, new TimeSpan(device.GetProperty(name).GetDateTimeOffset().UtcTicks % TimeSpan.FromMinutes(15).Ticks)));
            Assert.All((await watching.SpaceAsync("square", cancellation)).Lines, line => Assert.Equal(0, line.Day.In));

            var wish = Wish("new-gate", "north", "gate-2", 1);
            using var adopted = await technician.PostAsJsonAsync($"api/devices/pending/{Text(device, "id")}/adopt", wish, cancellation);
            Assert.Equal(HttpStatusCode.Created, adopted.StatusCode);
            Assert.Equal("""{"id":"new-gate","space":"square","siteVersion":2}""", await adopted.Content.ReadAsStringAsync(cancellation));
            Assert.Equal("/api/devices/new-gate", adopted.Headers.Location!.ToString());

            await Waiting.UntilAsync("the gateway takes the device's messages", async () => (await publisher.PublishAsync(Topic, Count(7), cancellation)).IsSuccess, Soon, cancellation);
            await Waiting.UntilAsync("the space counts them", async () => (await watching.SpaceAsync("square", cancellation)).Lines.Single(line => line.Id == "gate-2").Day.In == 7, Soon, cancellation);
            Assert.Equal("[]", await technician.GetStringAsync("api/devices/pending", cancellation));
            Assert.Equal("new-gate", Text(await technician.GetFromJsonAsync<JsonElement>("api/devices/new-gate", cancellation), "id"));

            using var again = await technician.PostAsJsonAsync($"api/devices/pending/{Text(device, "id")}/adopt", wish, cancellation);
            Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        }

        using (var admin = hub.Client())
        {
            var stored = await admin.GetAsync(new Uri("api/site", UriKind.Relative), cancellation);
            var text = await stored.Content.ReadAsStringAsync(cancellation);
            Assert.Equal(("\"2\"", "application/yaml"), (stored.Headers.ETag!.Tag, stored.Content.Headers.ContentType!.MediaType));
            Assert.Contains("# The second gate has no counter yet.", text, StringComparison.Ordinal);
            Assert.Contains("{ id: new-gate, kind: counter, profile: native, intervalSeconds: 60, channels: [{ name: north, line: gate-2 }] }", text, StringComparison.Ordinal);
            Assert.Contains("      - equipment/new-gate/readings", text, StringComparison.Ordinal);
            using var same = new HttpRequestMessage(HttpMethod.Get, "api/site");
            same.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"2\""));
            Assert.Equal(HttpStatusCode.NotModified, (await admin.SendAsync(same, cancellation)).StatusCode);
            var entries = (await admin.GetFromJsonAsync<JsonElement>("api/audit?max=50", cancellation)).GetProperty("entries").EnumerateArray().Select(entry => $"{Text(entry, "kind")} {Text(entry, "who")} {Text(entry, "subject")}").ToList();
            Assert.Contains("device-adopted tech new-gate", entries);
            Assert.Contains("site-changed tech site version 2", entries);
            Assert.DoesNotContain(entries, entry => entry.StartsWith("not-done", StringComparison.Ordinal));
        }

        // The old file is refused with the difference, and nothing is lost; without a file the stored site is served.
        await hub.StopAsync(cancellation);
        var refused = await HubCommand.RunAsync(["serve", "--site", site, "--data", hub.Data, "--urls", hub.Address.ToString(), "--mqtt-port", $"{hub.Ports.Mqtt}"], cancellation);
        Assert.Equal(ExitCode.WrongInput, refused.ExitCode);
        Assert.Contains("id: new-gate", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("leave --site out to go on with the stored one", refused.Errors, StringComparison.Ordinal);
        await using var later = await HubUnderTest.StartAsync(hub.Data, ["serve"], cancellation);
        using var after = await ClientAsync(later, "tech2", "technician", cancellation);
        Assert.Equal("new-gate", Text(await after.GetFromJsonAsync<JsonElement>("api/devices/new-gate", cancellation), "id"));
        await using var back = await Publisher.ConnectAsync(later.Ports.Mqtt, "square", later.Secret("square"), cancellation);
        Assert.True((await back.PublishAsync(Topic, Count(1), cancellation)).IsSuccess);
    }

    [Fact]
    public async Task Only_technicians_and_administrators_of_the_whole_site_see_and_adopt()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 60)), cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
        await publisher.PublishAsync(Topic, Count(1), cancellation);
        using var admin = hub.Client();
        var id = Text((await admin.GetFromJsonAsync<JsonElement>("api/devices/pending", cancellation))[0], "id");

        foreach (var role in (string[])["operator", "supervisor", "analyst", "dpo"])
        {
            using var client = await ClientAsync(hub, role, role, cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("api/devices/pending", UriKind.Relative), cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsJsonAsync($"api/devices/pending/{id}/adopt", Wish("new-gate", "north", null, 1), cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("api/site", UriKind.Relative), cancellation)).StatusCode);
        }

        using var technician = await ClientAsync(hub, "tech", "technician", cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, (await technician.GetAsync(new Uri("api/site", UriKind.Relative), cancellation)).StatusCode);
        using var scoped = await ClientAsync(hub, "part", "technician", cancellation, "square");
        Assert.Equal("[]", await scoped.GetStringAsync("api/devices/pending", cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await scoped.PostAsJsonAsync($"api/devices/pending/{id}/adopt", Wish("new-gate", "north", null, 1), cancellation)).StatusCode);
        using var nobody = new HttpClient { BaseAddress = hub.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(new Uri("api/devices/pending", UriKind.Relative), cancellation)).StatusCode);
        Assert.Equal("\"1\"", (await admin.GetAsync(new Uri("api/site", UriKind.Relative), cancellation)).Headers.ETag!.Tag);
    }

    [Fact]
    public async Task What_does_not_fit_is_said_by_field_and_changes_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(2, 60)), cancellation);
        await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", hub.Secret("square"), cancellation);
        await publisher.PublishAsync(Topic, """{"readings":[{"channel":"north","health":{"batteryPercent":61}}]}""", cancellation);
        await publisher.PublishAsync("equipment/counting/readings", """{"readings":[{"channel":"north","count":{"in":1,"out":0}},{"channel":"view","occupancy":{"people":3}},{"channel":"mic","noise":{"laeqDb":61.5}}]}""", cancellation);
        await publisher.PublishAsync("nobody/reads/this", Count(1), cancellation);
        await publisher.PublishAsync("equipment/new\u200Bgate/readings", Count(1), cancellation);
        using var admin = hub.Client();
        var waiting = (await admin.GetFromJsonAsync<JsonElement>("api/devices/pending", cancellation)).EnumerateArray().ToList();
        var id = Text(waiting.Single(device => Text(device, "topic") == Topic), "id");
        var unread = Text(waiting.Single(device => Text(device, "topic") == "nobody/reads/this"), "id");
        var hidden = Text(waiting.Single(device => Text(device, "topic") == "equipment/new\uFFFDgate/readings"), "id");

        await RefusedAsync(id, """{}""", "space", "id", "kind", "intervalSeconds", "channels");
        await RefusedAsync(id, """{"space":"square","id":"Gate 1","name":"a\u202Eb","kind":"drone","profile":"none","purpose":"x","intervalSeconds":0,"channels":[{"name":"A"},{"name":"b","line":"gate-1"},{"name":"b"},{"name":"c","line":"x"},{"name":"d","line":"gate-1","zone":"main"},{"name":"e","zone":"x"}],"parameters":{"topic":7}}""", "id", "name", "kind", "profile", "purpose", "intervalSeconds", "channels[0].name", "channels[1].line", "channels[2].name", "channels[3].line", "channels[4].line", "channels[5].zone", "parameters");
        await RefusedAsync(id, """{"space":"square","id":"other","kind":"counter","intervalSeconds":60,"channels":[{"name":"north"}]}""", "address");
        await RefusedAsync(id, """{"space":"square","id":"new-gate","kind":"counter","profile":"axis-object-analytics","intervalSeconds":60,"channels":[{"name":"north"}]}""", "profile");
        await RefusedAsync(id, """{"space":"square","id":"new-gate","kind":"counter","intervalSeconds":60,"parameters":{"no-such":"x"},"channels":[{"name":"north"}]}""", "site");
        await RefusedAsync(unread, """{"space":"square","id":"new-gate","kind":"counter","intervalSeconds":60,"channels":[{"name":"north"}]}""", "profile");

        await RefusedAsync(hidden, """{"space":"square","id":"new-gate","kind":"counter","intervalSeconds":60,"channels":[{"name":"north"}]}""", "topic", "channels[0].line");

        // What counts has to have a place: what only speaks of the device itself, or of sound, has not.
        var counting = Text(waiting.Single(device => Text(device, "topic") == "equipment/counting/readings"), "id");
        await RefusedAsync(counting, """{"space":"square","id":"counting","kind":"counter","intervalSeconds":60,"channels":[{"name":"north"},{"name":"view"},{"name":"mic"}]}""", "channels[0].line", "channels[1].line");
        await RefusedAsync(counting, """{"space":"square","id":"counting","kind":"counter","intervalSeconds":60,"channels":[{"name":"north","zone":"main"},{"name":"view","zone":"main"},{"name":"mic"}]}""", "channels[0].zone");

        await ConflictAsync(id, Wish("counter-1", "north", null, 1));
        await ConflictAsync(id, Wish("new-gate", "north", null, 7));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.PostAsJsonAsync("api/devices/pending/0123456789abcdef/adopt", Wish("new-gate", "north", null, 1), cancellation)).StatusCode);
        Assert.Equal("\"1\"", (await admin.GetAsync(new Uri("api/site", UriKind.Relative), cancellation)).Headers.ETag!.Tag);

        // Two at once: one is stored, the other is told.
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => admin.PostAsJsonAsync($"api/devices/pending/{id}/adopt", Wish("new-gate", "north", null, 1), cancellation)));
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], both.Select(answer => answer.StatusCode).Order());

        async Task RefusedAsync(string which, string body, params string[] fields)
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await admin.PostAsync(new Uri($"api/devices/pending/{which}/adopt", UriKind.Relative), content, cancellation);
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)).RootElement;
            Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal(fields.Order(StringComparer.Ordinal), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        }

        async Task ConflictAsync(string which, object wish) =>
            Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync($"api/devices/pending/{which}/adopt", wish, cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_sample_city_starts_again_with_the_device_that_was_adopted()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var hub = await HubUnderTest.StartSampleCityAsync(folder.File("data"), cancellation);
        var noise = hub.DemoConnection("nice-noise");
        await using (var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, noise.Connection, noise.Secret, cancellation))
            await publisher.PublishAsync("equipment/nice-noise-2/readings", """{"readings":[{"channel":"mic","noise":{"laeqDb":61.5}}]}""", cancellation);
        using (var technician = hub.Client("technician"))
        {
            var id = Text((await technician.GetFromJsonAsync<JsonElement>("api/devices/pending", cancellation))[0], "id");
            using var adopted = await technician.PostAsJsonAsync($"api/devices/pending/{id}/adopt", new { id = "nice-noise-2", space = "nice-massena", kind = "noise-meter", intervalSeconds = 10, channels = new[] { new { name = "mic" } } }, cancellation);
            Assert.Equal(HttpStatusCode.Created, adopted.StatusCode);
        }

        Assert.Equal(0, await hub.StopAsync(cancellation));
        await hub.StartAgainAsync(cancellation);

        using var again = hub.Client("technician");
        Assert.Equal("never-heard", Text(await again.GetFromJsonAsync<JsonElement>("api/devices/nice-noise-2", cancellation), "state"));
        await using var back = await Publisher.ConnectAsync(hub.Ports.Mqtt, noise.Connection, noise.Secret, cancellation);
        Assert.True((await back.PublishAsync("equipment/nice-noise-2/readings", """{"readings":[{"channel":"mic","noise":{"laeqDb":61.5}}]}""", cancellation)).IsSuccess);
    }

    private static object Wish(string id, string channel, string? line, int version) =>
        new { space = "square", id, kind = "counter", intervalSeconds = 60, siteVersion = version, channels = new[] { new { name = channel, line } } };

    private static string Count(int passages) => $$"""{"readings":[{"channel":"north","count":{"in":{{passages}},"out":0} }]}""";

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<HttpClient> ClientAsync(HubUnderTest hub, string user, string role, CancellationToken cancellation, string? space = null)
    {
        await hub.AddUserAsync(user, role, cancellation, space is null ? [] : [space]);
        var client = new HttpClient { BaseAddress = hub.Address, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await hub.AddTokenAsync(user, "test", cancellation));
        return client;
    }
}
