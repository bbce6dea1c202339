using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Reference;

/// <summary>docs/reference/profiles.md: its example can be used as it stands, and it shows what comes with the hub.</summary>
public sealed class ProfilesReferenceTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "profiles.md"));

    [Fact]
    public void The_example_is_a_profile_and_its_fixture_comes_out()
    {
        var problems = new DocumentProblems("profiles.md");
        var profile = ProfileReader.Read(DocumentYaml.Read(Blocks()[0], problems)!, problems);
        Assert.Empty(problems.Found);
        Assert.Equal(1, profile!.FixtureCount);
    }

    [Fact]
    public void The_native_profile_stands_there_as_it_is() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "profiles", "native.yaml")).Split('\n', 2)[1].Trim(), Blocks()[^1].Trim());

    [Fact]
    public void Every_profile_of_the_hub_is_named_with_its_topic() =>
        Assert.All(HubProfiles.All.Values, profile => Assert.Contains(Page.Split('\n'), line => line.StartsWith($"| `{profile.Name}` |", StringComparison.Ordinal) && line.Contains(profile.Topic is { } topic ? $"`{topic.Text}`" : "parameter `topic`", StringComparison.Ordinal)));

    private static List<string> Blocks() => [.. Page.Split("```yaml\n").Skip(1).Select(block => block.Split("```")[0])];
}
