using System.Net;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>HEAD is GET without the body, for the same people.</summary>
[Collection(SampleCityTests.Name)]
public sealed class HeadTests(RunningCity city)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("health/live", 200)]
    [InlineData("health/ready", 200)]
    [InlineData("sign-in", 200)]
    [InlineData("privacy/nice-massena", 200)]
    [InlineData("privacy/nowhere", 404)]
    [InlineData("api/privacy/nice-massena", 200)]
    [InlineData("open-data/nice-massena", 200)]
    [InlineData("open-data/nice-massena/level", 200)]
    [InlineData("ngsi-ld/v1/entities?type=CrowdFlowObserved&space=nice-massena", 200)]
    [InlineData("api/spaces", 401)]
    [InlineData("alarms", 302)]
    public async Task Nobody_gets_by_head_what_they_get_by_get(string route, int status)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var nobody = new HttpClient(handler) { BaseAddress = city.Hub.Address };
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using var answer = await SendAsync(nobody, method, route);
            Assert.True((int)answer.StatusCode == status, $"{method} {route}: {answer.StatusCode}");
            if (method == HttpMethod.Head)
                Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public async Task A_role_gets_by_head_what_it_gets_by_get_and_a_stream_has_no_head()
    {
        foreach (var role in (string[])["operator", "analyst", "admin"])
        {
            using var http = city.Hub.Client(role);
            foreach (var route in (string[])["api/spaces", "api/site", "api/history/nice-massena", "api/accounts", "history", "openapi/v1.json"])
            {
                using var get = await SendAsync(http, HttpMethod.Get, route);
                using var head = await SendAsync(http, HttpMethod.Head, route);
                Assert.True(get.StatusCode == head.StatusCode, $"{role} {route}: GET {get.StatusCode}, HEAD {head.StatusCode}");
            }
        }

        using var watching = city.Hub.Client("operator");
        using var stream = await SendAsync(watching, HttpMethod.Head, "api/spaces/nice-massena/live");
        Assert.Equal(HttpStatusCode.NotFound, stream.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string route)
    {
        using var request = new HttpRequestMessage(method, route);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }
}
