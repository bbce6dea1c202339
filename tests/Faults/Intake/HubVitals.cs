using System.Globalization;

namespace Monitoring.Faults.Intake;

/// <summary>What the system says of a process: open sockets, threads, resident memory.</summary>
internal sealed record HubVitals(int Sockets, int Threads, long ResidentMb)
{
    /// <summary>Looks now.</summary>
    /// <param name="process">Process id; it must be alive.</param>
    public static HubVitals Of(int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        return new HubVitals(
            Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count(IsSocket),
            (int)Number(status, "Threads:"),
            Number(status, "VmRSS:") / 1_024);
    }

    public override string ToString() => $"{Sockets} sockets, {Threads} threads, {ResidentMb} MB resident";

    private static bool IsSocket(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            // Closed while looking.
            return false;
        }
    }

    private static long Number(string[] status, string name) =>
        long.Parse(status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
