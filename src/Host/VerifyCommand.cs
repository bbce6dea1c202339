using System.CommandLine;
using System.Globalization;
using Monitoring.Domain.Accounts;
using Monitoring.Silo.Accounts;
using Monitoring.Silo.Privacy;
using Monitoring.Storage;

namespace Monitoring.Host;

/// <summary><c>monitoring verify</c>: walks the audit log and the release ledger of a data folder, also while a hub runs on it.</summary>
internal static class VerifyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder", DefaultValueFactory = _ => "data" };
        var command = new Command("verify", "Check the audit log and the release ledger; the first bad entry of each is named") { data };
        command.SetAction(parsed => Run(Path.GetFullPath(parsed.GetRequiredValue(data))));
        return command;
    }

    private static int Run(string folder)
    {
        try
        {
            var audit = SayAudit(StoredAudit.Walk(folder) ?? throw new HubRefusal(ExitCode.Missing, $"{folder} holds no state of a hub: name the data folder with --data"));
            var releases = SayReleases(StoredReleases.Walk(folder));
            return audit && releases ? ExitCode.Fine : ExitCode.WrongInput;
        }
        catch (StoreException fault)
        {
            throw new HubRefusal(ExitCode.Missing, fault.Message);
        }
    }

    private static bool SayAudit(AuditWalk walk)
    {
        foreach (var segment in walk.Segments)
            Console.Out.WriteLine($"audit {segment.Name}: entries {segment.First} to {segment.End.Number}, {(segment.Closed ? "closed" : "open")}, {segment.End.Hash}");
        if (walk.Fault is { } fault)
            Console.Error.WriteLine($"monitoring: audit entry {fault.Number} ({(fault.Segment.Length > 0 ? fault.Segment : "no segment")}) is bad: {fault.What}");
        else
            Console.Out.WriteLine($"audit: {walk.Entries} entries in {walk.Segments.Count} segments are whole; head {walk.End.Number} {walk.End.Hash}");
        return walk.Fault is null;
    }

    private static bool SayReleases(ReleaseWalk? walk)
    {
        if (walk is null)
            Console.Out.WriteLine("no release ledger yet");
        else if (walk.Fault is { } fault)
            Console.Error.WriteLine($"monitoring: release {fault.Number} ({(fault.Space.Length > 0 ? fault.Space : "no space")}{(fault.From is { } from ? string.Create(CultureInfo.InvariantCulture, $", {from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}") : "")}) is bad: {fault.What}");
        else
            Console.Out.WriteLine($"releases: {walk.Releases} of {walk.Spaces} spaces are whole; head {walk.Newest} {walk.Hash}");
        return walk?.Fault is null;
    }
}
