using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Monitoring.Host.Tests.Accounts;

[Collection(SampleCityTests.Name)]
public sealed class AuditPageTests(RunningCity city)
{
    [Fact]
    public async Task The_log_is_read_in_pages_newest_first_and_a_wrong_page_is_refused()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var admin = city.Hub.Client();
        var first = await admin.GetFromJsonAsync<JsonElement>("api/audit?max=3", cancellation);
        var numbers = first.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("number").GetInt64()).ToList();
        var newest = first.GetProperty("head").GetProperty("number").GetInt64();
        Assert.Equal([newest, newest - 1, newest - 2], numbers);
        var second = await admin.GetFromJsonAsync<JsonElement>($"api/audit?max=1&before={numbers[^1]}", cancellation);
        Assert.Equal(newest - 3, second.GetProperty("entries")[0].GetProperty("number").GetInt64());
        Assert.Equal(first.GetProperty("entries")[2].GetProperty("previous").GetString(), second.GetProperty("entries")[0].GetProperty("hash").GetString());
        foreach (var wrong in new[] { "max=0", "max=501", "before=0" })
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync(new Uri($"api/audit?{wrong}", UriKind.Relative), cancellation)).StatusCode);
    }
}
