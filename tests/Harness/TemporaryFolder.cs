namespace Monitoring.Harness;

/// <summary>A folder of the test's own, removed at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("monitoring-").FullName;

    /// <summary>Full path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>Writes a file of bytes.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    /// <summary>Removes it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
