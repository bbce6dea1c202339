using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Domain;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Harness;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;
using Monitoring.Silo.State;
using Monitoring.Storage;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A-04 in this process: the way of sealed cells from a space through queue and ledger is broken off at each of its points. Who comes after has what was saved, and goes it again.</summary>
/// <remarks>A real hub, killed at these points, is in <c>Faults/Privacy/KilledReleaseTests</c>.</remarks>
public sealed class BrokenOffReleaseTests : IDisposable
{
    private const int Lines = 15, Days = 10, CellsOfDay = Lines * 2;
    private const long OfADay = 1_000_000;

    /// <summary>Noise of a cell is larger less than once in 10^16 draws (discrete Laplace, scale 4).</summary>
    private const long NoiseMax = 150;

    private static readonly TimeZoneInfo Zone = Ledgers.Zone;
    private static readonly DateOnly First = new(2026, 6, 2);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TemporaryFolder _folder = new();
    private readonly HubClock _clock = new(ClockKind.Replay, TimeProvider.System);
    private readonly Dictionary<(string Series, DateTimeOffset From), HashSet<long?>> _seen = [];
    private readonly Dictionary<(string Series, DateTimeOffset From), long?> _published = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("before charge", 0)]
    [InlineData("after draw", 0)]
    [InlineData("after charge", 0)]
    [InlineData("before commit", 0)]
    [InlineData("after commit", CellsOfDay)]
    [InlineData("before publish", CellsOfDay)]
    [InlineData("after publish", CellsOfDay)]
    public async Task A04_A_release_that_is_broken_off_at_any_point_tells_one_number_for_a_cell_and_spends_once(string point, int stored)
    {
        var saved = JsonSerializer.SerializeToUtf8Bytes(new SpaceState { Releases = { DaysTo = First.AddDays(-1) } }, SqliteGrainStorage.Json);
        foreach (var day in Enumerable.Range(0, Days).Select(i => CivilDay.Of(First.AddDays(i), Zone)))
        {
            using (var life = new Life(_folder.Path, saved, _clock, keeps: point != "after commit"))
            {
                saved = life.Count(day);
                _clock.MoveTo(day.To + ReleaseTick.Grace);
                BreakOff(point, life.Ledger, day);
                Assert.Equal(point is "before publish" or "after publish", await life.ReleaseAsync());
                Assert.Equal(stored, Look(day));
                if (point == "after publish")
                    Publish(life.Ledger);

                // Nothing is out before its tick. Each second life ends before it could save what is left to do.
                Assert.Equal(_published.Count, life.Ledger.Published(0, _clock.Now, int.MaxValue).Count);
                saved = point != "after commit" && day.Date.Day % 2 == 0 ? life.Save() : saved;
            }

            using var again = new Life(_folder.Path, saved, _clock);
            Assert.Null(again.Ledger.PutBack);
            Assert.Equal(stored, Look(day));
            Assert.True(await again.ReleaseAsync());
            Assert.Equal(CellsOfDay, Look(day));
            Publish(again.Ledger);
            saved = again.Save();
        }

        Assert.Equal(Days * CellsOfDay, _seen.Count);
        Assert.All(_seen, cell => Assert.InRange(Assert.Single(cell.Value)!.Value - CountOf(cell.Key.Series), -NoiseMax, NoiseMax));
        Assert.Equal(_seen.Keys.ToHashSet(), _published.Keys.ToHashSet());
        Assert.All(_published, cell => Assert.Equal(_seen[cell.Key].Single(), cell.Value));
        using var ledger = new ReleaseStore(ReleaseStore.FileIn(_folder.Path));
        Assert.Null(ledger.FirstChanged());
    }

    private static void BreakOff(string point, ReleaseStore ledger, CivilDay day)
    {
        switch (point)
        {
            case "before charge": BrokenOffLedger.BeforeCharge(ledger); break;
            case "after draw": BrokenOffLedger.AfterDraw(ledger, row: 1 + (day.Date.DayNumber * 7 % CellsOfDay)); break;
            case "after charge": BrokenOffLedger.AfterCharge(ledger); break;
            case "before commit": BrokenOffLedger.BeforeCommit(ledger); break;
        }
    }

    // Everything that the file shows anybody at this moment; how many cells of the day are in it.
    private int Look(CivilDay day)
    {
        var cells = Read("SELECT series, from_ms, value FROM release ORDER BY number", row => (Key: (row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))), Value: row.IsDBNull(2) ? (long?)null : row.GetInt64(2)));
        cells.ForEach(cell => See(cell.Key, cell.Value));
        var days = cells.Select(cell => cell.Key.Item2).Distinct().Count();
        Assert.Equal(Enumerable.Repeat(OfADay, days), Read("SELECT SUM(epsilon) FROM charge GROUP BY day", row => row.GetInt64(0)));
        return cells.Count(cell => cell.Key.Item2 == day.From);
    }

    private void Publish(ReleaseStore ledger)
    {
        _clock.MoveTo(_clock.Now + (2 * ReleaseTick.Every));
        foreach (var release in ledger.Published(0, _clock.Now, int.MaxValue).Select(stored => stored.Release))
        {
            var cell = (release.Key.Series, release.Key.From);
            See(cell, release.Value);
            _published[cell] = release.Value;
        }
    }

    private void See((string Series, DateTimeOffset From) cell, long? value)
    {
        if (!_seen.TryGetValue(cell, out var values))
            _seen[cell] = values = [];
        values.Add(value);
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var file = SqliteFile.Connect(ReleaseStore.FileIn(_folder.Path));
        using var command = file.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var row = command.ExecuteReader();
        var found = new List<T>();
        while (row.Read())
            found.Add(read(row));
        return found;
    }

    private static string NameOf(int line) => $"gate-{line:00}";

    private static int CountOf(string series) => int.Parse(series.AsSpan(5, 2), null) * 40 + (series.EndsWith("-in", StringComparison.Ordinal) ? 0 : 7);

    /// <summary>One life of a hub, as far as releases go. It ends without a word.</summary>
    private sealed class Life : IDisposable
    {
        private static readonly PublicSpace Space = new(
            "square", "Square", "Testville", Zone, [], [new Zone("main", "Main", 100, 100, [])], [.. Enumerable.Range(0, Lines).Select(line => new CountingLine(NameOf(line), "Gate", 3, "outside", "main", []))], [],
            [new Device("counter", "Counter", DeviceKind.Counter, "native", DevicePurpose.Live, Hour, [.. Enumerable.Range(0, Lines).Select(line => new DeviceChannel(NameOf(line), ChannelSubject.Passages, NameOf(line)))])], [])
        { Release = new ReleaseRules(PlaceClass.Open, CellLength.Day, NightBlock: false, ReleaseRules.EpsilonMicroDefault, Crossings: 4, null) };

        private readonly SpaceState _state;
        private readonly SpaceCells _cells;
        private readonly ReleaseQueue _queue;
        private readonly SpaceReleases _releases;

        // Begins with what was saved.
        public Life(string data, byte[] saved, HubClock clock, bool keeps = true)
        {
            _state = JsonSerializer.Deserialize<SpaceState>(saved, SqliteGrainStorage.Json)!;
            _cells = new SpaceCells(Space.Id, _state);
            Ledger = ReleaseStore.Open(data, clock.Now);
            _queue = new ReleaseQueue(Ledger, clock);
            _releases = new SpaceReleases(Space.Id, _state, _queue, () => _ = keeps ? true : throw new IOException("broken off"), NullLogger.Instance);
        }

        public ReleaseStore Ledger { get; }

        // People pass all day, the day is sealed, and that is saved.
        public byte[] Count(CivilDay day)
        {
            _cells.Pin(Space, 1, day.From + Hour, SpaceCells.AheadOnWallClock);
            var device = _state.Devices["counter"] = new DeviceState();
            for (var at = day.From; at <= day.To; at += Hour)
                device.Heard.Note(at, 2 * Hour);
            foreach (var line in Space.Lines.Select(line => line.Id))
                Assert.Equal(SetAside.None, _state.Lines[line].Count(CountOf($"{line}-in"), CountOf($"{line}-out"), null, day.From + Hour, Zone, new RepeatMarks(Numbered: true, default), cell: _cells.CellOf(line, day.From + Hour)));
            Assert.True(_cells.Seal(day.To + ReleaseTick.Grace));
            Assert.Equal(CellsOfDay, _state.Releases.Sealed.Count);
            _releases.SavedTo = _state.Releases.LastSealed;
            return Save();
        }

        // Whether the space takes it as done.
        public async Task<bool> ReleaseAsync()
        {
            await _releases.ReleaseNowAsync(_cells);
            return !_releases.IsAway;
        }

        public byte[] Save() => JsonSerializer.SerializeToUtf8Bytes(_state, SqliteGrainStorage.Json);

        public void Dispose()
        {
            _queue.Dispose();
            Ledger.Dispose();
        }
    }
}
