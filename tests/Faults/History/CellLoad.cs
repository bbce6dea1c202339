using System.Globalization;
using System.Net.Http.Json;
using Monitoring.Domain.Crowd;
using Monitoring.Harness;

namespace Monitoring.Faults.History;

/// <summary>Fills one cell after the other and moves the clock over its seal, with readings that come one second before it and at it.</summary>
/// <remarks>
/// A cell is sealed two minutes after its end, since its heartbeat has come. Of each cell one reading comes a second before that: it counts in the cell.
/// Another comes at the seal: it counts for the control room and its day, and not in the cell. Each count is far larger than noise is, so that a loss, a double or a wrong cell is seen in the number.
/// </remarks>
internal sealed class CellLoad(CellSite site, HubUnderTest hub, IReadOnlyDictionary<string, StubbornLink> links, DateTimeOffset start)
{
    /// <summary>Counts in a cell and gate: one every ten seconds.</summary>
    public const int Readings = 30;

    /// <summary>Which one comes a second before the seal.</summary>
    private const int JustInTime = Readings - 2;

    /// <summary>Which one comes when it is sealed.</summary>
    private const int TooLate = Readings - 1;

    private const int CountMin = 500;

    private static readonly TimeSpan Length = CellSite.Cell / Readings;
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly Dictionary<(string Space, string Line, DateOnly Day), DayTally> _days = [];

    /// <summary>True numbers by series and start of a cell.</summary>
    public Dictionary<(string Space, string Series, DateTimeOffset From), long> Truth { get; } = [];

    /// <summary>Totals and fates by line and local day.</summary>
    public IReadOnlyDictionary<(string Space, string Line, DateOnly Day), DayTally> Days => _days;

    /// <summary>Start of a cell.</summary>
    public DateTimeOffset StartOf(int cell) => start + (cell * CellSite.Cell);

    /// <summary>Moves the clock to the start, and vouches for the time before it. Six hours before it began the day: then nothing is released of an earlier one.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        await MoveAsync(start, cancellation);
        await OfAllAsync(gate => links[gate.Connection].SendAsync(gate.Device, start, "", cancellation));
    }

    /// <summary>Sends what belongs to a cell in time, up to its heartbeat.</summary>
    public Task FillAsync(int cell, CancellationToken cancellation) => OfAllAsync(async gate =>
    {
        for (var i = 0; i < JustInTime; i++)
            await SendAsync(gate, cell, i, cancellation);
        await links[gate.Connection].SendAsync(gate.Device, StartOf(cell + 1), "", cancellation);
    });

    /// <summary>Moves the clock to the last second before a cell is sealed, sends what is just in time, moves it to the seal, and sends what is too late.</summary>
    public async Task SealAsync(int cell, CancellationToken cancellation)
    {
        var seal = SealOf(cell);
        await MoveAsync(seal - TimeSpan.FromSeconds(1), cancellation);
        await OfAllAsync(gate => SendAsync(gate, cell, JustInTime, cancellation));
        await MoveAsync(seal, cancellation);
        await OfAllAsync(gate => SendAsync(gate, cell, TooLate, cancellation));
        Note(cell, Readings);
    }

    /// <summary>Takes a cell as filled and no more, where nothing comes late.</summary>
    public void NoteFilled(int cell) => Note(cell, JustInTime);

    /// <summary>When a cell is sealed.</summary>
    public DateTimeOffset SealOf(int cell) => StartOf(cell + 1) + Grace;

    /// <summary>Moves the clock, as often as it takes: the hub may be away.</summary>
    public async Task MoveAsync(DateTimeOffset to, CancellationToken cancellation)
    {
        await Waiting.UntilAsync($"the clock to stand at {to:O}", MovedAsync, TimeSpan.FromMinutes(5), cancellation);

        async Task<bool> MovedAsync()
        {
            using var admin = hub.Client();
            try
            {
                using var answer = await admin.PostAsJsonAsync("api/clock", new { to }, cancellation);
                return answer.IsSuccessStatusCode;
            }
            catch (Exception fault) when (fault is TaskCanceledException or IOException && !cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private Task SendAsync(CellGate gate, int cell, int i, CancellationToken cancellation)
    {
        var from = StartOf(cell) + (i * Length);
        var (passagesIn, passagesOut) = Counts(gate, cell, i);
        return links[gate.Connection].SendAsync(gate.Device, from + Length, string.Create(CultureInfo.InvariantCulture, $$$"""{"channel":"gate","count":{"in":{{{passagesIn}}},"out":{{{passagesOut}}},"from":"{{{from:O}}}"}}"""), cancellation);
    }

    private (int In, int Out) Counts(CellGate gate, int cell, int i)
    {
        var number = (((cell * Readings) + i) * 7) + (site.Gates.ToList().IndexOf(gate) * 13);
        return (CountMin + (number % 911), CountMin + (number % 1_009));
    }

    private void Note(int cell, int readings)
    {
        foreach (var gate in site.Gates)
        {
            var key = (gate.Space, gate.Line, LineState.LocalDay(StartOf(cell), CellSite.Zone));
            if (!_days.TryGetValue(key, out var day))
                _days[key] = day = new DayTally();
            var (sumIn, sumOut) = (0L, 0L);
            for (var i = 0; i < readings; i++)
            {
                var (passagesIn, passagesOut) = Counts(gate, cell, i);
                day.Count(live: true, open: i != TooLate);
                (day.In, day.Out) = (day.In + passagesIn, day.Out + passagesOut);
                if (i != TooLate)
                    (sumIn, sumOut) = (sumIn + passagesIn, sumOut + passagesOut);
            }

            Truth[(gate.Space, $"{gate.Line}-in", StartOf(cell))] = sumIn;
            Truth[(gate.Space, $"{gate.Line}-out", StartOf(cell))] = sumOut;
        }
    }

    private Task OfAllAsync(Func<CellGate, Task> send) => Task.WhenAll(site.Gates.Select(send));
}
