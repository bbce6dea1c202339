namespace Monitoring.Harness;

/// <summary>Places in the checkout that the tests run in.</summary>
public static class Repository
{
    /// <summary>Environment variable that names the folder with recorded data of others.</summary>
    public const string SamplesVariable = "MONITORING_SAMPLES";

    /// <summary>The checkout's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built hub, in the configuration that the tests were built in.</summary>
    public static string HubProgram { get; } = Path.Combine(Root, "src", "Host", "bin", Configuration(), "net10.0", "monitoring.dll");

    /// <summary>A program under <c>tests/</c>, built in the same configuration.</summary>
    /// <param name="project">Name of its project.</param>
    public static string TestProgram(string project) => Path.Combine(Root, "tests", project, "bin", Configuration(), "net10.0", $"Monitoring.{project}.dll");

    /// <summary>A file of others' recorded data; null where the samples are not there.</summary>
    public static string? Sample(params string[] parts)
    {
        if (Environment.GetEnvironmentVariable(SamplesVariable) is not { Length: > 0 } folder)
            return null;
        var path = Path.Combine([folder, .. parts]);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{SamplesVariable} names a folder without {string.Join('/', parts)}.", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Monitoring.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests do not run inside a checkout: Monitoring.sln was not found above them.");
    }

    private static string Configuration() =>
        AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)[^2];
}
