using System.Globalization;
using Monitoring.Faults.Equipment;
using Monitoring.Harness;

[assembly: AssemblyFixture(typeof(Monitoring.Faults.Intake.FaultReport))]

namespace Monitoring.Faults.Intake;

/// <summary>What all trials of a run did and found: faults, accepted messages, fates, times to ready. Written at the end, to the output and to a file.</summary>
public sealed class FaultReport : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (int Struck, int Idle)> _faults = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _fates = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _workloads = new(StringComparer.Ordinal);
    private readonly List<double> _readySeconds = [];
    private long _accepted;
    private long _attempts;
    private long _putOff;
    private int _trials;

    /// <summary>Created once for a run.</summary>
    public FaultReport() => Current = this;

    internal static FaultReport Current { get; private set; } = null!;

    /// <summary>Writes it.</summary>
    public void Dispose()
    {
        if (_trials == 0)
            return;
        var text = ToString();
        Console.WriteLine(text);
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts"));
        File.WriteAllText(Path.Combine(folder.FullName, $"faults-{RunSeed.Value}.md"), text);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var ready = _readySeconds.Order().ToList();
        var lines = new List<string> { $"# Faults, {RunSeed.Text}", "", $"{_trials} trials with {string.Join(", ", _workloads)}.", "", "| fault | struck |", "|---|---|" };
        lines.AddRange(_faults.Select(fault => $"| {fault.Key} | {fault.Value.Struck}{(fault.Value.Idle > 0 ? $" ({fault.Value.Idle} after the fleet was done)" : "")} |"));
        lines.AddRange(["", $"Acknowledged: {_accepted} messages in {_attempts} attempts; {_putOff} answers that the hub cannot keep a message now.", "", "| fate of an accepted reading | readings |", "|---|---|"]);
        lines.AddRange(_fates.Select(fate => $"| {fate.Key} | {fate.Value} |"));
        if (ready.Count > 0)
            lines.AddRange(["", string.Create(CultureInfo.InvariantCulture, $"Ready again after a kill: min {ready[0]:0.0} s, median {ready[ready.Count / 2]:0.0} s, max {ready[^1]:0.0} s ({ready.Count} starts).")]);
        return string.Join(Environment.NewLine, lines) + Environment.NewLine;
    }

    internal void Struck(string fault, bool idle)
    {
        lock (_lock)
        {
            var (struck, without) = _faults.GetValueOrDefault(fault);
            _faults[fault] = (struck + 1, without + (idle ? 1 : 0));
        }
    }

    internal void Checked(FleetScript script, FleetOutcome outcome, IReadOnlyDictionary<string, long> fates, IEnumerable<double> readySeconds)
    {
        lock (_lock)
        {
            _trials++;
            _workloads.UnionWith(script.Workloads);
            _accepted += outcome.Accepted.Count;
            _attempts += outcome.Attempts.Values.Sum();
            _putOff += outcome.PutOff;
            _readySeconds.AddRange(readySeconds);
            foreach (var (fate, count) in fates)
                _fates[fate] = _fates.GetValueOrDefault(fate) + count;
        }
    }
}
