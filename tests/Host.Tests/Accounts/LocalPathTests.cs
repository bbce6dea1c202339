using Monitoring.Dashboard.Accounts;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>After a sign-in nobody is led to another site.</summary>
public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/spaces/nice-massena")]
    [InlineData("/equipment?sort=link&order=down#top")]
    public void A_path_of_the_hub_is_followed(string path) => Assert.Equal(path, SignInEndpoints.LocalPath(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/spaces\\evil")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\t\\evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\r/evil.example")]
    [InlineData("/\0/evil.example")]
    [InlineData("/\u0085/evil.example")]
    public void What_a_browser_could_read_as_another_site_leads_to_the_overview(string? path) => Assert.Equal("/", SignInEndpoints.LocalPath(path));
}
