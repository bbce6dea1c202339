namespace Monitoring.Contracts;

/// <summary>Writes a small file so that a crash leaves the old or the new one, never half of it; readable by its owner only.</summary>
public static class PrivateFile
{
    /// <summary>Writes a file, and its folder where it is missing.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="bytes">The whole content.</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var half = path + ".new";
        using (var stream = new FileStream(half, options))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>Creates a folder that only its owner may enter; one that exists is left as it is.</summary>
    /// <param name="path">Path of the folder.</param>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
