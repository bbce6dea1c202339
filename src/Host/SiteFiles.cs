using Monitoring.Contracts.Spaces;

namespace Monitoring.Host;

/// <summary>Reads a site document and the profiles beside it from disk.</summary>
internal static class SiteFiles
{
    /// <summary>Reads <c>site.yaml</c> and every <c>profiles/*.yaml</c> beside it.</summary>
    /// <param name="path">Path of the site file.</param>
    /// <exception cref="HubRefusal">The file cannot be read.</exception>
    public static SiteDocument Read(string path)
    {
        try
        {
            var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "profiles");
            var profiles = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml") : [];
            return new SiteDocument(path, File.ReadAllText(path), profiles.ToDictionary(file => Path.GetRelativePath(Path.GetDirectoryName(folder)!, file), File.ReadAllText));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"{path} cannot be read ({fault.Message.TrimEnd('.')}): name an existing site file");
        }
    }

    /// <summary>Reads and checks a site.</summary>
    /// <param name="path">Path of the site file.</param>
    /// <exception cref="HubRefusal">The site has problems; the message has one line for each.</exception>
    public static SiteDocument ReadChecked(string path)
    {
        var document = Read(path);
        var (_, problems) = CompiledSite.Compile(document);
        return problems.Count == 0 ? document : throw new HubRefusal(ExitCode.WrongInput, string.Join(Environment.NewLine, problems));
    }
}
