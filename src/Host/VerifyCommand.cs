using System.CommandLine;
using Monitoring.Domain.Accounts;
using Monitoring.Silo.Accounts;
using Monitoring.Storage;

namespace Monitoring.Host;

/// <summary><c>monitoring verify</c>: walks the audit log of a data folder, also while a hub runs on it.</summary>
internal static class VerifyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder", DefaultValueFactory = _ => "data" };
        var command = new Command("verify", "Check the audit log; the first bad entry is named") { data };
        command.SetAction(parsed => Run(Path.GetFullPath(parsed.GetRequiredValue(data))));
        return command;
    }

    private static int Run(string folder)
    {
        var walk = Walk(folder) ?? throw new HubRefusal(ExitCode.Missing, $"{folder} holds no state of a hub: name the data folder with --data");
        foreach (var segment in walk.Segments)
            Console.Out.WriteLine($"audit {segment.Name}: entries {segment.First} to {segment.End.Number}, {(segment.Closed ? "closed" : "open")}, {segment.End.Hash}");
        if (walk.Fault is { } fault)
        {
            Console.Error.WriteLine($"monitoring: audit entry {fault.Number} ({(fault.Segment.Length > 0 ? fault.Segment : "no segment")}) is bad: {fault.What}");
            return ExitCode.WrongInput;
        }

        Console.Out.WriteLine($"audit: {walk.Entries} entries in {walk.Segments.Count} segments are whole; head {walk.End.Number} {walk.End.Hash}");
        Console.Out.WriteLine("no release ledger yet");
        return ExitCode.Fine;
    }

    private static AuditWalk? Walk(string folder)
    {
        try
        {
            return StoredAudit.Walk(folder);
        }
        catch (StoreException fault)
        {
            throw new HubRefusal(ExitCode.Missing, fault.Message);
        }
    }
}
