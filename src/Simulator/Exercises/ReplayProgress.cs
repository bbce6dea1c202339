using System.Globalization;

namespace Monitoring.Simulator.Exercises;

/// <summary>Shows how far a replay is: one line that is rewritten on a terminal, else a line every 30 s.</summary>
/// <param name="writer">Where it goes.</param>
/// <param name="terminal">Whether that is a terminal.</param>
/// <param name="time">The wall clock.</param>
public sealed class ReplayProgress(TextWriter writer, bool terminal, TimeProvider time)
{
    private const int BarCells = 24;

    private readonly long _startedAt = time.GetTimestamp();
    private readonly TimeSpan _every = terminal ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(30);
    private TimeSpan _shownAt;
    private bool _open;

    /// <summary>Shows a bin that was accepted.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="bins">Bins so far.</param>
    /// <param name="share">Share of the file that is read, 0 to 1.</param>
    internal void Show(ReplayBin bin, int bins, double share)
    {
        var elapsed = time.GetElapsedTime(_startedAt);
        if (elapsed - _shownAt < _every)
            return;
        _shownAt = elapsed;
        var cells = (int)Math.Round(Math.Clamp(share, 0, 1) * BarCells);
        var line = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', cells)}{new string('.', BarCells - cells)}] {share:P0} {bin.End.UtcDateTime:yyyy-MM-dd HH:mm}Z, {bins / elapsed.TotalSeconds:F0} bins/s");
        Write(line);
    }

    /// <summary>Says that the hub is away.</summary>
    /// <param name="why">Why.</param>
    internal void Waiting(string why) => Write($"waiting for the hub: {why}");

    /// <summary>Ends the line.</summary>
    internal void End()
    {
        if (_open)
            writer.WriteLine();
        _open = false;
    }

    private void Write(string line)
    {
        _open = terminal;
        if (terminal)
            writer.Write($"\r{line}\u001b[K");
        else
            writer.WriteLine(line);
    }
}
