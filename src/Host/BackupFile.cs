using System.IO.Compression;
using System.Text.Json;
using Monitoring.Contracts;

namespace Monitoring.Host;

/// <summary>What a backup says of itself.</summary>
/// <param name="Format">Version of the form of the file.</param>
/// <param name="At">When the copy was made, UTC.</param>
/// <param name="AuditNumber">Number of the newest entry of the audit log in it.</param>
/// <param name="AuditHash">Hash of that entry.</param>
internal sealed record BackupNote(int Format, DateTimeOffset At, long AuditNumber, string AuditHash);

/// <summary>A backup: one ZIP file, readable by its owner only, with those files of a data folder that make a hub what it is. The journal and all counts are not among them.</summary>
internal static class BackupFile
{
    /// <summary>Form that this program writes, and the newest that it reads.</summary>
    public const int Format = 2;

    private const string NoteName = "backup.json";

    private const string State = "silo/state.db";

    // In form 1 it is missing; so it is where the hub had none yet.
    private const string Releases = "silo/releases.db";

    // Secrets of the connections, kind of clock. Everything else in a data folder follows from these and the state, or holds counts.
    private static readonly string[] Beside = ["gateway/secrets.json", "clock"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The folder beside a result in which it is made, so that half of it never bears the result's name.</summary>
    /// <param name="result">Path of the file or folder to make.</param>
    /// <exception cref="HubRefusal">It is there already.</exception>
    public static string MakeRoom(string result)
    {
        var part = result + ".part";
        if (Directory.Exists(part) || File.Exists(part))
            throw new HubRefusal(ExitCode.WrongInput, $"{part} is left of a run that was broken off, or of one that is going on: remove it once none is");
        PrivateFile.CreateFolder(part);
        return part;
    }

    /// <summary>Packs the copies of the state and of the release ledger, and what of the data folder belongs beside it.</summary>
    /// <param name="copy">Folder with the copies, laid out as a data folder.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="file">Path of the backup; must not exist.</param>
    /// <param name="note">What it says of itself.</param>
    public static void Pack(string copy, string data, string file, BackupNote note)
    {
        using var stream = CreatePrivately(file);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var entry = zip.CreateEntry(NoteName).Open())
                JsonSerializer.Serialize(entry, note, Json);
            foreach (var part in new[] { State, Releases }.Where(part => File.Exists(Path.Combine(copy, part))))
                zip.CreateEntryFromFile(Path.Combine(copy, part), part);
            foreach (var part in Beside.Where(part => File.Exists(Path.Combine(data, part))))
                zip.CreateEntryFromFile(Path.Combine(data, part), part);
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>Unpacks a backup into an empty folder.</summary>
    /// <param name="file">Path of the backup.</param>
    /// <param name="folder">Folder that gets the files; private.</param>
    /// <returns>What the backup says of itself.</returns>
    /// <exception cref="HubRefusal">The file is no backup, is cut short, or was made by a newer program.</exception>
    public static BackupNote Unpack(string file, string folder)
    {
        try
        {
            using var zip = ZipFile.OpenRead(file);
            var note = ReadNote(zip) ?? throw NoBackup(file, "it does not say what it is");
            if (note.Format > Format)
                throw new HubRefusal(ExitCode.WrongInput, $"{file} has form {note.Format}; this program reads up to {Format}: restore it with the newer program");
            if (zip.GetEntry(State) is null)
                throw NoBackup(file, $"{State} is missing in it");
            // Only what is known is taken, by its known name: a name in the file leads nowhere else.
            foreach (var part in (string[])[State, Releases, .. Beside])
                if (zip.GetEntry(part) is { } entry)
                    Extract(entry, Path.Combine(folder, part));
            return note;
        }
        catch (Exception fault) when (fault is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw NoBackup(file, fault.Message.TrimEnd('.'));
        }
    }

    private static BackupNote? ReadNote(ZipArchive zip)
    {
        using var stream = zip.GetEntry(NoteName)?.Open();
        return stream is null ? null : JsonSerializer.Deserialize<BackupNote>(stream, Json);
    }

    private static void Extract(ZipArchiveEntry entry, string path)
    {
        PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
        using var packed = entry.Open();
        using var stream = CreatePrivately(path);
        packed.CopyTo(stream);
        stream.Flush(flushToDisk: true);
    }

    private static FileStream CreatePrivately(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static HubRefusal NoBackup(string file, string why) => new(ExitCode.WrongInput, $"{file} is no whole backup ({why}): take another copy");
}
