using System.ComponentModel.DataAnnotations;
using Monitoring.Dashboard.Spaces;
using Monitoring.Harness;
using Monitoring.Host.Tests.Accounts;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>Map tiles are off until they are set; then browsers may load images from that one origin and no other.</summary>
[Collection(SampleCityTests.Name)]
public sealed class MapTilesTests(RunningCity city)
{
    private const string OnlyTheHub = "img-src 'self' data:;";

    [Theory]
    [InlineData("", null)]
    [InlineData("https://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org")]
    [InlineData("https://tiles.example.org:8443/wmts?z={z}&x={x}&y={y}", "https://tiles.example.org:8443")]
    [InlineData("https://tiles.example.org/a;script-src%20*/{z}/{x}/{y}", "https://tiles.example.org")]
    [InlineData("https://kärtchen.example/{z}/{x}/{y}.png", "https://xn--krtchen-5wa.example")]
    [InlineData("http://127.0.0.1:8081/{z}/{x}/{y}.png", "http://127.0.0.1:8081")]
    [InlineData("http://localhost/{z}/{x}/{y}.png", "http://localhost")]
    [InlineData("/tiles/{z}/{x}/{y}.png", null)]
    public void A_good_address_opens_its_own_origin_only(string address, string? origin)
    {
        var options = new MapOptions { TileUrl = address };
        Assert.Empty(Problems(options));
        Assert.Equal(origin, options.Origin);
    }

    [Theory]
    [InlineData("https://tiles.example.org/{z}/{x}.png", "must name {y} once")]
    [InlineData("https://tiles.example.org/{z}/{x}/{y}/{y}.png", "must name {y} once")]
    [InlineData("https://{s}.example.org/{z}/{x}/{y}.png", "no braces but")]
    [InlineData("https://tiles.example.org/{z}/{x}/{y}.png; script-src *", "no blanks")]
    [InlineData("https://{z}.example.org/{x}/{y}.png", "not in its host")]
    [InlineData("http://tiles.example.org/{z}/{x}/{y}.png", "must begin with https://")]
    [InlineData("//tiles.example.org/{z}/{x}/{y}.png", "must begin with https://")]
    [InlineData("ftp://tiles.example.org/{z}/{x}/{y}.png", "must begin with https://")]
    [InlineData("tiles/{z}/{x}/{y}.png", "must begin with https://")]
    [InlineData("javascript:{z}{x}{y}", "must begin with https://")]
    [InlineData("https://user:secret@tiles.example.org/{z}/{x}/{y}.png", "no user name")]
    [InlineData("https://tiles.example.org/#{z}/{x}/{y}.png", "no user name")]
    [InlineData("https://[2001:db8::1]/{z}/{x}/{y}.png", "IPv6")]
    public void A_bad_address_is_refused_with_what_to_do(string address, string says) =>
        Assert.Contains(says, Assert.Single(Problems(new MapOptions { TileUrl = address })).ErrorMessage, StringComparison.Ordinal);

    [Fact]
    public async Task A_hub_with_a_bad_address_does_not_start()
    {
        using var folder = new TemporaryFolder();
        var ports = Ports.TakeFree();
        var done = await HubCommand.RunAsync(["--data", folder.File("data"), "--urls", $"http://127.0.0.1:{ports.Http}"], TestContext.Current.CancellationToken, Set("http://tiles.example.org/{z}/{x}/{y}.png"));
        Assert.Equal(1, done.ExitCode);
        Assert.Contains("Dashboard:Map:TileUrl", done.Errors, StringComparison.Ordinal);
        Assert.Contains("must begin with https://", done.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_no_image_comes_from_elsewhere_and_with_it_from_one_origin()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        string[] serve = ["serve", "--site", folder.Write("site.yaml", FixtureSites.Square(1, 60))];
        Assert.Contains(OnlyTheHub, await PolicyAsync(city.Hub, cancellation), StringComparison.Ordinal);
        await using var tiled = await HubUnderTest.StartAsync(folder.File("tiled"), serve, cancellation, environment: Set("https://tiles.example.org/{z}/{x}/{y}.png"));
        var policy = await PolicyAsync(tiled, cancellation);
        Assert.Contains("img-src 'self' data: https://tiles.example.org;", policy, StringComparison.Ordinal);
        Assert.Equal(1, policy.Split("tiles.example.org").Length - 1);
    }

    private static Dictionary<string, string> Set(string address) => new() { ["MONITORING__Dashboard__Map__TileUrl"] = address };

    private static List<ValidationResult> Problems(MapOptions options)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        return found;
    }

    private static async Task<string> PolicyAsync(HubUnderTest hub, CancellationToken cancellation)
    {
        using var http = hub.Client();
        using var answer = await http.GetAsync(new Uri("/sign-in", UriKind.Relative), cancellation);
        return answer.Headers.GetValues("Content-Security-Policy").Single();
    }
}
