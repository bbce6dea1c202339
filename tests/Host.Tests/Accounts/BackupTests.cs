using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Monitoring.Domain.Alarms;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>A backup of a hub at work, and a hub that goes on with it elsewhere.</summary>
public sealed class BackupTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_backup_of_a_running_hub_brings_back_people_alarms_and_secrets_and_no_count()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var (file, restored) = (folder.File("monday.backup"), folder.File("restored"));
        string token, secret;
        await using (var hub = await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 2, "rule: density, on: 1, onForSeconds: 0")), cancellation))
        {
            secret = hub.Secret("square");
            await hub.AddUserAsync("duty", "operator", cancellation);
            token = await hub.AddTokenAsync("duty", "wall", cancellation);
            using var desk = Client(hub, token);
            await using var publisher = await Publisher.ConnectAsync(hub.Ports.Mqtt, "square", secret, cancellation);
            await using var beats = new HeartbeatsOf(publisher, [1]);
            await publisher.CountAsync(1, 120, 0, cancellation);
            await Waiting.UntilAsync("the alarm is raised", async () => (await desk.AlarmsAsync(cancellation)).Count == 1, Soon, cancellation);
            Assert.Equal(HttpStatusCode.OK, (await desk.AcknowledgeAsync("square.1", cancellation, "patrol sent")).StatusCode);

            var made = await HubCommand.RunAsync(["backup", file, "--data", hub.Data], cancellation);
            Assert.Equal((0, ""), (made.ExitCode, made.Errors));
            Assert.Contains("audit head", made.Output, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var again = await HubCommand.RunAsync(["backup", file, "--data", hub.Data], cancellation);
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("never overwritten", again.Errors, StringComparison.Ordinal);
        }

        AssertHoldsNoCount(file, folder.File("unpacked"));
        var back = await HubCommand.RunAsync(["restore", file, "--data", restored], cancellation);
        Assert.Equal((0, ""), (back.ExitCode, back.Errors));

        await using var other = await HubUnderTest.StartAsync(restored, ["serve"], cancellation);
        using var reader = Client(other, token);
        var alarm = Assert.Single(await reader.AlarmsAsync(cancellation));
        Assert.Equal((AlarmState.Acknowledged, "duty", "patrol sent"), (alarm.State, alarm.AcknowledgedBy, alarm.Note));
        Assert.Equal(0, (await reader.SpaceAsync("square", cancellation)).Lines[0].Day.In);
        await using var device = await Publisher.ConnectAsync(other.Ports.Mqtt, "square", secret, cancellation);
        await device.CountAsync(1, 3, 0, cancellation);
        await Waiting.UntilAsync("the secret of before opens it and counting goes on", async () => (await reader.SpaceAsync("square", cancellation)).Lines[0].Day.In == 3, Soon, cancellation);

        await other.AddUserAsync("root", "admin", cancellation);
        using var admin = Client(other, await other.AddTokenAsync("root", "test", cancellation));
        var audit = await admin.GetFromJsonAsync<JsonElement>("api/audit?max=100", cancellation);
        var told = Assert.Single(audit.GetProperty("entries").EnumerateArray(), entry => entry.GetProperty("kind").GetString() == "restored");
        Assert.StartsWith("copy of ", told.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(restored, "restored.json")));
        Assert.Equal(0, (await HubCommand.RunAsync(["verify", "--data", restored], cancellation)).ExitCode);
    }

    [Fact]
    public async Task A_restore_overwrites_nothing_and_takes_no_half_a_file()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using (await HubUnderTest.StartSiteAsync(folder.File("data"), folder.Write("site.yaml", FixtureSites.Square(1, 60)), cancellation))
        {
        }

        var file = folder.File("whole.backup");
        Assert.Equal(0, (await HubCommand.RunAsync(["backup", file, "--data", folder.File("data")], cancellation)).ExitCode);
        await RefusedAsync(file, folder.File("data"), 1, "is not empty");
        await RefusedAsync(folder.File("none.backup"), folder.File("new"), 3, "there is no file");
        await RefusedAsync(folder.Write("cut.backup", File.ReadAllBytes(file)[..^400]), folder.File("new"), 1, "no whole backup");
        await RefusedAsync(folder.Write("text.backup", "not a backup"), folder.File("new"), 1, "no whole backup");
        await RefusedAsync(Newer(file, folder.File("newer.backup")), folder.File("new"), 1, "newer program");
        Assert.False(Directory.Exists(folder.File("new")));
        Assert.False(Directory.Exists(folder.File("new.part")));
        var empty = await HubCommand.RunAsync(["backup", folder.File("x.backup"), "--data", folder.File("nothing")], cancellation);
        Assert.Equal(3, empty.ExitCode);
        Assert.False(File.Exists(folder.File("x.backup")));

        // What another run may still be working in is left alone.
        foreach (var part in new[] { "y.backup.part", "new.part" })
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.File(part)).FullName, "half"), "");
        await RefusedAsync(file, folder.File("new"), 1, "broken off");
        var busy = await HubCommand.RunAsync(["backup", folder.File("y.backup"), "--data", folder.File("data")], cancellation);
        Assert.Equal(1, busy.ExitCode);
        Assert.True(File.Exists(Path.Combine(folder.File("y.backup.part"), "half")));
        Assert.True(File.Exists(Path.Combine(folder.File("new.part"), "half")));

        async Task RefusedAsync(string from, string data, int code, string why)
        {
            var refused = await HubCommand.RunAsync(["restore", from, "--data", data], cancellation);
            Assert.Equal(code, refused.ExitCode);
            Assert.Contains(why, refused.Errors, StringComparison.Ordinal);
            Assert.Single(refused.Errors.Trim().Split('\n'));
        }
    }

    private static void AssertHoldsNoCount(string file, string folder)
    {
        ZipFile.ExtractToDirectory(file, folder);
        Assert.Equal(["backup.json", "clock", "gateway/secrets.json", "silo/releases.db", "silo/state.db"], Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal));
        using var state = new SqliteConnection($"Data Source={Path.Combine(folder, "silo", "state.db")};Pooling=False");
        state.Open();
        using var command = state.CreateCommand();
        command.CommandText = "SELECT body FROM grain_state WHERE kind = 'space'";
        using var row = JsonDocument.Parse((byte[])command.ExecuteScalar()!);
        foreach (var counts in new[] { "devices", "lines", "zones" })
            Assert.Empty(row.RootElement.GetProperty(counts).EnumerateObject());
        Assert.Empty(row.RootElement.GetProperty("cursors").EnumerateArray());
    }

    private static string Newer(string file, string copy)
    {
        File.Copy(file, copy);
        using var zip = ZipFile.Open(copy, ZipArchiveMode.Update);
        zip.GetEntry("backup.json")!.Delete();
        using var writer = new StreamWriter(zip.CreateEntry("backup.json").Open());
        writer.Write("""{"format":3,"at":"2026-01-01T00:00:00Z","auditNumber":0,"auditHash":""}""");
        return copy;
    }

    private static HttpClient Client(HubUnderTest hub, string token)
    {
        var http = new HttpClient { BaseAddress = hub.Address, Timeout = Soon };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }
}
