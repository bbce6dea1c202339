using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests;

/// <summary>The files under sites/, and small documents for tests.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Evening = new(2026, 11, 22, 17, 0, 0, TimeSpan.Zero);

    public static CompiledSite Site(string name)
    {
        var (site, problems) = CompiledSite.Compile(new SiteDocument($"sites/{name}/site.yaml", File.ReadAllText(PathOf(name, "site.yaml")), new Dictionary<string, string>()));
        return site ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    public static string PathOf(string site, string file) => Path.Combine(AppContext.BaseDirectory, "sites", site, file);

    public static (ReplayMap? Map, IReadOnlyList<DocumentProblem> Problems) ReadMap(string yaml)
    {
        var problems = new DocumentProblems("map.yaml");
        var node = DocumentYaml.Read(yaml, problems);
        return (node is null ? null : ReplayMap.Read(node, problems), problems.Found);
    }

    public static ReplayMap Hardbruecke() => ReadMap(File.ReadAllText(PathOf("hardbruecke", "map.yaml"))).Map!;
}
