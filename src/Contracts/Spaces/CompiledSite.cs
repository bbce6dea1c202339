using Monitoring.Contracts.Privacy;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Spaces;

namespace Monitoring.Contracts.Spaces;

/// <summary>A site document after reading and checking: the site and its profiles.</summary>
/// <param name="Site">The site.</param>
/// <param name="Profiles">Profiles by name.</param>
public sealed record CompiledSite(Site Site, IReadOnlyDictionary<string, EquipmentProfile> Profiles)
{
    /// <summary>Reads and checks a document as a whole.</summary>
    /// <param name="document">The document.</param>
    /// <returns>The site, or null and every problem found.</returns>
    public static (CompiledSite? Site, IReadOnlyList<DocumentProblem> Problems) Compile(SiteDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var problems = new List<DocumentProblem>();
        var profiles = new Dictionary<string, EquipmentProfile>(HubProfiles.All, StringComparer.Ordinal);
        foreach (var (file, text) in document.Profiles.OrderBy(profile => profile.Key, StringComparer.Ordinal))
            AddProfile(file, text, profiles, problems);
        var own = new DocumentProblems(document.FileName);
        var site = DocumentYaml.Read(document.Yaml, own) is { } node ? SiteReader.Read(node, profiles, own) : null;
        foreach (var space in site?.Spaces ?? [])
        {
            if (SpaceTerms.Problem(space) is { } problem)
                own.Add(space.Release.Line, problem, "mend it under 'release:' of the space");
        }

        problems.AddRange(own.Found.OrderBy(problem => problem.Line));
        return (problems.Count == 0 ? new CompiledSite(site!, profiles) : null, problems);
    }

    private static void AddProfile(string file, string text, Dictionary<string, EquipmentProfile> profiles, List<DocumentProblem> problems)
    {
        var own = new DocumentProblems(file);
        var profile = DocumentYaml.Read(text, own) is { } node ? ProfileReader.Read(node, own) : null;
        if (profile is not null && !profiles.TryAdd(profile.Name, profile))
            own.Add(1, $"a profile '{profile.Name}' exists already", "give it another name");
        problems.AddRange(own.Found);
    }
}
