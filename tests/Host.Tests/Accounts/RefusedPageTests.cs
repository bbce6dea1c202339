using System.Net;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>Who is refused a public page reads a page; a program reads problem details.</summary>
[Collection(SampleCityTests.Name)]
public sealed class RefusedPageTests(RunningCity city)
{
    private static readonly Uri Nowhere = new("privacy/nowhere", UriKind.Relative);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_a_browser_a_notice_that_is_not_there_is_a_page_and_for_programs_problem_details()
    {
        using var nobody = new HttpClient { BaseAddress = city.Hub.Address };
        using var program = await nobody.GetAsync(Nowhere, Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (program.StatusCode, program.Content.Headers.ContentType?.MediaType));
        nobody.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var person = await nobody.GetAsync(Nowhere, Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (person.StatusCode, person.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Nothing here", await person.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }
}
