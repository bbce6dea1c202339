using System.Xml.Linq;

namespace Monitoring.Architecture.Tests;

/// <summary>The files of the repository, found from where the tests run.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = ["bin", "obj", ".git", ".vs", "data", "artifacts", "TestResults"];

    public static readonly string Root = FindRoot();

    /// <summary>Every file with its path from the root, forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FilesUnder(Root).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> SourceProjects => [.. Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static ProjectFile Project(string file) => ProjectFile.Read(Path.GetFileNameWithoutExtension(file), XDocument.Parse(Read(file)));

    private static IEnumerable<string> FilesUnder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))))
        {
            foreach (var file in FilesUnder(inner))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Monitoring.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Monitoring.sln is in no folder above the tests.");
    }
}

/// <summary>What one project refers to.</summary>
internal sealed record ProjectFile(string Name, string[] Projects, string[] Packages, string[] Frameworks)
{
    public static ProjectFile Read(string name, XDocument project) => new(
        name,
        [.. Includes(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order(StringComparer.Ordinal)],
        [.. Includes(project, "PackageReference").Order(StringComparer.Ordinal)],
        [.. Includes(project, "FrameworkReference").Order(StringComparer.Ordinal)]);

    private static IEnumerable<string> Includes(XDocument project, string element) =>
        project.Descendants(element).Select(reference => (string?)reference.Attribute("Include")).OfType<string>();
}
