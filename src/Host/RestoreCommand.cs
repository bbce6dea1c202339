using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Silo.Accounts;
using Monitoring.Silo.Privacy;
using Monitoring.Silo.Spaces;
using Monitoring.Storage;

namespace Monitoring.Host;

/// <summary><c>monitoring restore</c>: makes a new data folder of a backup.</summary>
internal static class RestoreCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The backup" };
        var data = new Option<string>("--data") { Description = "Data folder; must be new or empty", DefaultValueFactory = _ => "data" };
        var command = new Command("restore", "Make a data folder of a backup") { file, data };
        command.SetAction(parsed => RunAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), Path.GetFullPath(parsed.GetRequiredValue(data))));
        return command;
    }

    private static async Task<int> RunAsync(string file, string data)
    {
        if (!File.Exists(file))
            throw new HubRefusal(ExitCode.Missing, $"there is no file {file}: name a backup");
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            throw new HubRefusal(ExitCode.WrongInput, $"{data} is not empty: a restore overwrites nothing; move it away, or name another folder with --data");
        var part = "";
        try
        {
            part = BackupFile.MakeRoom(data);
            var note = BackupFile.Unpack(file, part);
            var site = await StoredSite.ReadAsync(part, NullLogger.Instance);
            var walk = StoredAudit.Walk(part)!;
            RestoredMark.Leave(part, note);
            StoredReleases.LeaveRestored(part);
            if (Directory.Exists(data))
                Directory.Delete(data);
            Directory.Move(part, data);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"restored {data}: the state of {note.At:yyyy-MM-dd HH:mm:ss} UTC, site version {site?.Version ?? 0}, audit head {walk.End.Number} {walk.End.Hash}"));
            if (walk.Fault is { } fault)
                Console.Error.WriteLine($"monitoring: audit entry {fault.Number} is bad: {fault.What}");
            Console.Out.WriteLine("What was disabled or revoked after that moment is valid again: look through accounts, tokens and connection secrets. All sessions have ended. Day totals begin at zero.");
            Console.Out.WriteLine("No number is released for days that have begun when the hub is started on it, because the hub that the copy is of may have released one. Stop that hub first, for good.");
            return ExitCode.Fine;
        }
        catch (StoreException fault)
        {
            throw new HubRefusal(ExitCode.WrongInput, fault.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.Missing, $"{data} cannot be written ({fault.Message}): choose another place");
        }
        finally
        {
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
        }
    }
}
