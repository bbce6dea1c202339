using Monitoring.Domain;
using Monitoring.Domain.Equipment;

namespace Monitoring.Contracts.Spaces;

/// <summary>The profiles that come with the hub, read once.</summary>
public static class HubProfiles
{
    private const string Folder = "profiles/";

    private static readonly Lazy<IReadOnlyDictionary<string, EquipmentProfile>> Read = new(ReadAll);

    /// <summary>Profiles by name.</summary>
    /// <exception cref="InvalidOperationException">One of them has a problem.</exception>
    public static IReadOnlyDictionary<string, EquipmentProfile> All => Read.Value;

    private static Dictionary<string, EquipmentProfile> ReadAll()
    {
        var profiles = new Dictionary<string, EquipmentProfile>(StringComparer.Ordinal);
        var assembly = typeof(HubProfiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var problems = new DocumentProblems(name);
            var profile = DocumentYaml.Read(reader.ReadToEnd(), problems) is { } node ? ProfileReader.Read(node, problems) : null;
            if (profile is null)
                throw new InvalidOperationException($"A profile of the hub cannot be used: {string.Join(Environment.NewLine, problems.Found)}");
            profiles.Add(profile.Name, profile);
        }

        return profiles;
    }
}
