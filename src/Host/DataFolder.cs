using System.Text;
using Monitoring.Contracts;
using Monitoring.Domain;

namespace Monitoring.Host;

/// <summary>The hub's data folder: private, marked with its kind of clock, and held by one process per role.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly List<FileStream> _locks = [];

    private DataFolder(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Full path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Opens or creates the folder for some roles.</summary>
    /// <param name="path">Path as given.</param>
    /// <param name="roles">Roles of this process; each is held against other processes.</param>
    /// <param name="clock">Kind of clock; a folder of the other kind is refused.</param>
    /// <exception cref="HubRefusal">The folder cannot be used.</exception>
    public static DataFolder Open(string path, IReadOnlyList<HubRole> roles, ClockKind clock)
    {
        var folder = new DataFolder(System.IO.Path.GetFullPath(path));
        try
        {
            PrivateFile.CreateFolder(folder.Path);
            foreach (var role in roles)
                folder.Hold(role);
            folder.Mark(clock);
            return folder;
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            folder.Dispose();
            throw new HubRefusal(ExitCode.Missing, $"the data folder {folder.Path} cannot be used ({fault.Message}): choose another with --data");
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose() => _locks.ForEach(held => held.Dispose());

    private void Hold(HubRole role)
    {
        var name = role.ToString().ToLowerInvariant();
        PrivateFile.CreateFolder(File(name));
        try
        {
            _locks.Add(new FileStream(System.IO.Path.Combine(File(name), "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new HubRefusal(ExitCode.Missing, $"the data folder {Path} is in use by another hub ({name}): stop that one, or choose another folder with --data");
        }
    }

    private void Mark(ClockKind clock)
    {
        var mark = File("clock");
        var kind = clock.ToString().ToLowerInvariant();
        if (!System.IO.File.Exists(mark))
        {
            PrivateFile.Write(mark, Encoding.UTF8.GetBytes(kind + "\n"));
            return;
        }

        var found = System.IO.File.ReadAllText(mark).Trim();
        if (found != kind)
            throw new HubRefusal(ExitCode.WrongInput, $"the data folder {Path} belongs to a hub on the {found} clock: start with --clock {found}, or choose another folder with --data");
    }
}
