using Monitoring.Contracts.Spaces;
using Monitoring.Silo.Spaces;

namespace Monitoring.Host;

/// <summary>Compares the site of the command line with the stored one, before anything is started.</summary>
internal static class SiteImport
{
    /// <summary>Lines of difference shown at the most.</summary>
    private const int DiffLinesMax = 20;

    /// <summary>Refuses to start without a site, or with one that differs from the stored, unless told to import it.</summary>
    /// <returns>The site to import; null where the stored one stays as it is.</returns>
    /// <exception cref="HubRefusal">No site is stored and none is given, or the given one differs.</exception>
    public static async Task<SiteDocument?> ChooseAsync(string dataFolder, HubSettings settings, ILogger log)
    {
        var stored = await StoredSite.ReadAsync(dataFolder, log);
        if (settings.Site is not { } given)
        {
            if (stored is null)
                throw new HubRefusal(ExitCode.WrongUsage, "this data folder holds no site yet: name one with --site site.yaml");
            return null;
        }

        if (stored is null || stored.Document.SaysTheSameAs(given) || settings.ImportSite)
            return given;
        if (settings.SampleCity && SampleCity.HasGrown(stored.Document))
            return null;
        var difference = string.Join(Environment.NewLine, Differences(stored.Document, given).Take(DiffLinesMax));
        throw new HubRefusal(ExitCode.WrongInput, $"{given.FileName} differs from the stored site (version {stored.Version}): leave --site out to go on with the stored one, or add --import-site to store this one as version {stored.Version + 1}, without what the stored one has alone, such as devices that were adopted{Environment.NewLine}{difference}");
    }

    // Lines that only one side has; enough to see what changed, without aligning the two.
    private static IEnumerable<string> Differences(SiteDocument stored, SiteDocument given)
    {
        var profiles = stored.Profiles.Keys.Union(given.Profiles.Keys).Where(name => stored.Profiles.GetValueOrDefault(name) != given.Profiles.GetValueOrDefault(name));
        var (before, after) = (stored.Yaml.Split('\n'), given.Yaml.Split('\n'));
        return before.Except(after).Select(line => $"- {line}")
            .Concat(after.Except(before).Select(line => $"+ {line}"))
            .Concat(profiles.Select(name => $"~ {name}"));
    }
}
