using Monitoring.Harness;

namespace Monitoring.Host.Tests.Reference;

/// <summary>A file of the repository that must say what the code says.</summary>
internal static class GoldenFile
{
    /// <summary>Compares; with <c>MONITORING_WRITE_GOLDEN=1</c> writes it instead.</summary>
    public static void MustBe(string expected, params string[] path)
    {
        var file = Path.Combine([Repository.Root, .. path]);
        expected = expected.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("MONITORING_WRITE_GOLDEN") == "1")
            File.WriteAllText(file, expected);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == expected, $"{string.Join('/', path)} does not say what the code says. If the change is meant, run this test with MONITORING_WRITE_GOLDEN=1 and read the diff.");
    }
}
