using System.CommandLine;
using Monitoring.Domain.Accounts;
using Monitoring.Silo.Accounts;
using Monitoring.Silo.Privacy;
using Monitoring.Silo.State;
using Monitoring.Storage;

namespace Monitoring.Host;

/// <summary><c>monitoring backup</c>: copies what makes a hub what it is into one file, also while it runs.</summary>
internal static class BackupCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The backup; must not exist" };
        var data = new Option<string>("--data") { Description = "Data folder", DefaultValueFactory = _ => "data" };
        var command = new Command("backup", "Copy site, accounts, alarms, audit, released numbers and secrets into one file; counts are left out") { file, data };
        command.SetAction(parsed => Run(Path.GetFullPath(parsed.GetRequiredValue(file)), Path.GetFullPath(parsed.GetRequiredValue(data))));
        return command;
    }

    private static int Run(string file, string data)
    {
        if (File.Exists(file))
            throw new HubRefusal(ExitCode.WrongInput, $"{file} exists: name another file, a backup is never overwritten");
        var part = "";
        try
        {
            part = BackupFile.MakeRoom(file);
            var rows = StateCopy.Write(data, part);
            var releases = StoredReleases.Copy(data, part);
            var head = Head(part);
            var packed = Path.Combine(part, "packed");
            BackupFile.Pack(part, data, packed, new BackupNote(BackupFile.Format, TimeProvider.System.GetUtcNow(), head.Number, head.Hash));
            File.Move(packed, file);
            Console.Out.WriteLine($"backup {file}: {rows} rows, {(releases is { } released ? $"{released} releases" : "no release ledger")}, audit head {head.Number} {head.Hash}");
            Console.Out.WriteLine("It holds hashed passwords and the audit log: keep it as you keep the data folder. Counts and the journal are not in it.");
            return ExitCode.Fine;
        }
        catch (StoreException fault)
        {
            throw new HubRefusal(ExitCode.Missing, fault.Message);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.Missing, $"{file} cannot be written ({fault.Message}): choose another place");
        }
        finally
        {
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
        }
    }

    private static AuditMark Head(string folder)
    {
        var walk = StoredAudit.Walk(folder)!;
        if (walk.Fault is { } fault)
            Console.Error.WriteLine($"monitoring: audit entry {fault.Number} is bad ({fault.What}); the backup has it as it is, 'monitoring verify' tells more");
        return walk.End;
    }
}
