using System.Text.RegularExpressions;

namespace Monitoring.Architecture.Tests;

/// <summary>What a page links to is there: a style sheet that is not leaves a page bare, and nothing says so.</summary>
public sealed partial class PageAssetTests
{
    private const string Assets = "src/Dashboard/wwwroot/";

    [Fact]
    public void Each_asset_that_a_page_links_to_is_there()
    {
        var linked = (from file in Repository.Files
                      where file.StartsWith("src/Dashboard/", StringComparison.Ordinal) && Path.GetExtension(file) is ".razor" or ".cs" or ".js"
                      where !file.StartsWith(Assets + "vendor/", StringComparison.Ordinal)
                      from Match link in Linked().Matches(Repository.Read(file))
                      select (File: file, Asset: link.Groups["path"].Value)).ToList();
        Assert.NotEmpty(linked);
        Assert.DoesNotContain(linked, link => !Repository.Files.Contains(Assets + link.Asset));
    }

    [GeneratedRegex(@"_content/Monitoring\.Dashboard/(?<path>[\w./-]+\.\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Linked();
}
