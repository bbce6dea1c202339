namespace Monitoring.Faults.History;

/// <summary>Another program that holds the file of the history: the hub cannot open it until it lets go. Taken while the hub is down.</summary>
internal sealed class HeldHistory : IDisposable
{
    private readonly FileStream _held;

    /// <summary>Takes the file of a data folder.</summary>
    public HeldHistory(string data)
    {
        // The engine asks for a lock of the whole file as POSIX has it, and so does this. It is given back when the file is closed.
        _held = new FileStream(Path.Combine(data, "silo", "history.duckdb"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (!OperatingSystem.IsMacOS())
            _held.Lock(0, 0);
    }

    public void Dispose() => _held.Dispose();
}
