using System.Text.RegularExpressions;

namespace Monitoring.Architecture.Tests;

/// <summary>Folders inside a project are feature words, the same ones everywhere, and know each other in one direction.</summary>
public sealed partial class FolderTests
{
    private static readonly string[] Features = ["Spaces", "Equipment", "Crowd", "Alarms", "Perimeter", "Privacy", "Intake", "History", "Exercises", "Accounts"];

    // Static files are served from the folder of this name: ASP.NET's convention. Web is what every page and route of the dashboard needs, State what every row of a grain does, whatever the feature.
    private static readonly string[] Others = ["src/Dashboard/wwwroot", "src/Dashboard/Web", "src/Silo/State"];

    [Fact]
    public void Folders_are_named_after_features() => Assert.Empty(NotFeatures(Repository.Files));

    [Theory]
    [InlineData("src/Silo/Services/X.cs")]
    [InlineData("src/Silo/wwwroot/x.js")]
    [InlineData("src/Domain/Spaces/Internal/X.cs")]
    public void That_rule_sees_another_word(string file) => Assert.Single(NotFeatures([file, "src/Silo/SiloServices.cs", "src/Domain/Spaces/Site.cs", "src/Dashboard/wwwroot/css/a.css", "tests/X/Y/Z.cs"]));

    [Fact]
    public void No_folders_of_a_project_go_round_in_a_circle()
    {
        foreach (var project in Repository.SourceProjects.Select(file => Path.GetFileNameWithoutExtension(file)))
        {
            var sources = Repository.Files
                .Where(file => file.StartsWith($"src/{project}/", StringComparison.Ordinal) && (file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)))
                .Select(file => (file, Repository.Read(file)));
            Assert.Null(Circle(project, sources));
        }
    }

    [Fact]
    public void That_rule_sees_a_circle() => Assert.Equal("Crowd, Intake, Spaces, Crowd", Circle("Domain",
    [
        ("src/Domain/Crowd/A.cs", "using Monitoring.Domain.Intake;"),
        ("src/Domain/Intake/B.cs", "namespace Monitoring.Domain.Intake; class B { Spaces.Site s; }"),
        ("src/Domain/Spaces/C.cs", "using System;\nusing Monitoring.Domain.Crowd;"),
        ("src/Domain/D.cs", "using Monitoring.Domain.Spaces;"),
    ]));

    [Fact]
    public void That_rule_lets_one_direction_pass() => Assert.Null(Circle("Domain",
    [
        ("src/Domain/Crowd/A.cs", "using Monitoring.Domain.Intake;"),
        ("src/Domain/Spaces/C.cs", "using Monitoring.Domain.Crowd;\nusing Monitoring.Domain.Intake;\nusing Monitoring.Contracts.Spaces;"),
    ]));

    private static IEnumerable<string> NotFeatures(IEnumerable<string> files) =>
        from file in files
        let parts = file.Split('/')
        where parts[0] == "src" && parts.Length > 3
        where !Others.Any(other => file.StartsWith($"{other}/", StringComparison.Ordinal))
        where parts.Length > 4 || !Features.Contains(parts[2])
        select file;

    private static string? Circle(string project, IEnumerable<(string File, string Text)> sources)
    {
        var edges = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var (file, text) in sources)
        {
            var parts = file.Split('/');
            if (parts.Length < 4 || !Features.Contains(parts[2]))
                continue;
            if (!edges.TryGetValue(parts[2], out var to))
                edges[parts[2]] = to = new SortedSet<string>(StringComparer.Ordinal);
            to.UnionWith(Features.Where(feature => feature != parts[2] && Names(text, project, feature)));
        }

        return edges.Keys.Select(from => Walk([from], edges)).FirstOrDefault(found => found is not null);
    }

    private static string? Walk(List<string> path, SortedDictionary<string, SortedSet<string>> edges)
    {
        foreach (var next in edges.GetValueOrDefault(path[^1]) ?? [])
        {
            if (path.IndexOf(next) is >= 0 and var start)
                return string.Join(", ", path[start..].Append(next));
            if (Walk([.. path, next], edges) is { } found)
                return found;
        }

        return null;
    }

    // By its full name, or by the short one that a namespace of the same project allows.
    private static bool Names(string text, string project, string feature)
    {
        var code = Comment().Replace(text, "");
        return Regex.IsMatch(code, $@"\bMonitoring\.{project}\.{feature}\b") || Regex.IsMatch(code, $@"(?<![.\w""]){feature}\.[A-Z]\w*\s+\w+\s*[;,)=]|(?<=[(<,]\s?){feature}\.[A-Z]");
    }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
