using System.Globalization;
using System.Text.Json;
using Monitoring.Contracts;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Host;

/// <summary>Lies in a data folder that came out of a backup, until the hub has said so in its audit log.</summary>
/// <param name="BackupAt">When the copy was made, UTC.</param>
/// <param name="RestoredAt">When the folder was made of it, UTC.</param>
/// <param name="AuditNumber">Number of the newest audit entry in it.</param>
/// <param name="AuditHash">Hash of that entry.</param>
internal sealed record RestoredMark(DateTimeOffset BackupAt, DateTimeOffset RestoredAt, long AuditNumber, string AuditHash)
{
    private const string FileName = "restored.json";

    /// <summary>Leaves the mark.</summary>
    public static void Leave(string folder, BackupNote note) =>
        PrivateFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(new RestoredMark(note.At, TimeProvider.System.GetUtcNow(), note.AuditNumber, note.AuditHash)));

    /// <summary>Tells the audit log, and removes the mark once the log has it. What is told twice is stored once.</summary>
    public static async Task TellAsync(DataFolder folder, IGrainFactory grains)
    {
        var path = folder.File(FileName);
        if (!File.Exists(path))
            return;
        var mark = JsonSerializer.Deserialize<RestoredMark>(await File.ReadAllBytesAsync(path)) ?? throw new HubRefusal(ExitCode.Missing, $"{path} is empty: restore the folder again");
        var detail = string.Create(CultureInfo.InvariantCulture, $"copy of {mark.BackupAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; audit head was {mark.AuditNumber} {mark.AuditHash}");
        await grains.GetGrain<IAuditGrain>(0).AppendAsync([new AuditFact(string.Create(CultureInfo.InvariantCulture, $"restored/{mark.RestoredAt.UtcTicks}"), mark.RestoredAt, "restored", "local", "data folder", detail)]);
        File.Delete(path);
    }
}
