using System.IO.Compression;
using System.Text;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Monitoring.Harness;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A-09: counts that turn up nowhere else are sent to a real hub. They are found where the data life table lets them be, for as long as it does, and nowhere else.</summary>
public sealed class CanaryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset EndOfNextDay = new(2026, 6, 3, 22, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] OutsideTheControlRoom = ["technician", "analyst", "dpo", "admin"];

    private static readonly CanaryKind[] Raw = [.. Enum.GetValues<CanaryKind>().Where(kind => kind != CanaryKind.Refused)];
    private static readonly CanaryKind[] Nothing = [];

    private const string Site = """
        site: canaries
        name: Canaries
        spaces:
          - id: square
            name: Square
            city: Testville
            timeZone: Europe/Brussels
            release: { plan: P15, nightBlock: false }
            zones:
              - { id: main, name: Main, areaM2: 1000, capacity: 900000 }
              - { id: side, name: Side, areaM2: 1000, capacity: 900000 }
            lines:
              - { id: gate, name: Gate, widthM: 1, from: outside, to: main }
              - { id: total, name: Total, widthM: 1, from: outside, to: main }
              - { id: quiet, name: Quiet gate, widthM: 1, from: outside, to: side }
            devices:
              - { id: counter, kind: counter, intervalSeconds: 300, channels: [{ name: line, line: gate }] }
              - { id: total, kind: counter, intervalSeconds: 300, channels: [{ name: line, line: total }] }
              - { id: camera, kind: counting-camera, intervalSeconds: 300, channels: [{ name: view, zone: main }] }
              - { id: mic, kind: noise-meter, intervalSeconds: 300, channels: [{ name: mic }] }
              - { id: unseen, kind: counter, purpose: statistics, intervalSeconds: 300, channels: [{ name: line, line: quiet }] }
              - { id: unseen-camera, kind: counting-camera, purpose: statistics, intervalSeconds: 300, channels: [{ name: view, zone: side }] }
          - id: alarmed
            name: Alarmed
            city: Testville
            timeZone: Europe/Brussels
            zones: [{ id: stage, name: Stage, areaM2: 1000, capacity: 900000 }]
            devices:
              - { id: alarm-camera, kind: counting-camera, intervalSeconds: 300, channels: [{ name: view, zone: stage }] }
            thresholds: [{ rule: density, subject: stage, on: 5, onForSeconds: 0, offForSeconds: 0 }]
          - id: hall
            name: Hall
            city: Testville
            timeZone: Europe/Brussels
            release: { plan: P15, nightBlock: false, presence: { minutes: 4 } }
            zones: [{ id: inside, name: Inside, areaM2: 1000, capacity: 900000 }]
            devices:
              - { id: hall-camera, kind: counting-camera, purpose: statistics, intervalSeconds: 60, channels: [{ name: view, zone: inside }] }
        connections:
          - name: cabinet
            topics: [equipment/counter/readings, equipment/total/readings, equipment/camera/readings, equipment/mic/readings, equipment/unseen/readings, equipment/unseen-camera/readings, equipment/alarm-camera/readings, equipment/hall-camera/readings]
        """;

    // More than a count may be.
    private const long Impossible = 1_299_709;

    private readonly Canaries _canaries = new();
    private readonly List<(string Device, DateTimeOffset At, string Readings)> _messages = [];
    private int _refused;

    [Fact]
    public async Task A09_Raw_numbers_are_found_where_and_as_long_as_the_table_of_their_life_says_and_nowhere_else()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        Write();
        var scan = new CanaryScan(_canaries);
        await using var hub = await TaintedHub.StartAsync(folder, Site, scan, cancellation);
        await hub.MoveClockAsync(Noon.AddMinutes(-20), cancellation);
        var clients = new Dictionary<string, HttpClient>();
        foreach (var role in OutsideTheControlRoom.Concat(["nobody", "operator", "supervisor"]))
            clients[role] = await hub.ClientAsync(role == "nobody" ? null : role, cancellation);

        // While they are alive the scan finds them, each in its place. On a replay readings come before the clock.
        await SendAsync(hub, scan, at => at <= Noon.AddMinutes(70), cancellation);
        await AssertControlRoomAsync(hub, scan, clients["operator"], [CanaryKind.Part, CanaryKind.Day], cancellation);
        await SendAsync(hub, scan, at => at > Noon.AddMinutes(70), cancellation);
        await AssertControlRoomAsync(hub, scan, clients["operator"], [CanaryKind.Day, CanaryKind.Zone, CanaryKind.Alarm], cancellation);
        await AssertAliveAsync(hub, scan, cancellation);
        AssertFiles(scan.InFiles(hub.Data), Raw, Raw);
        await AssertSurfacesAsync(hub, scan, clients, cancellation);
        await AssertBackupAsync(hub, scan, folder, cancellation);

        // Their cells are released: what was counted for statistics alone is gone, and no cell has its true number any more.
        hub.EmptyLogs();
        await hub.MoveClockAsync(Noon.AddMinutes(82), cancellation);
        await GoneAsync(hub, scan, [CanaryKind.Cell, CanaryKind.UnseenPart, CanaryKind.UnseenCell, CanaryKind.Refused], cancellation);
        await hub.MoveClockAsync(Noon.AddMinutes(90), cancellation);
        await Waiting.UntilAsync("the hour is copied", async () => (await clients["analyst"].GetAsync(new Uri("api/history/square/quiet-in?from=2026-06-02T12:00:00Z&to=2026-06-02T13:00:00Z&grid=PT1H", UriKind.Relative), cancellation)).IsSuccessStatusCode, Patience, cancellation);
        TakeOutReleased(hub);
        scan = new CanaryScan(_canaries);
        await AssertSurfacesAsync(hub, scan, clients, cancellation);
        AssertFiles(scan.InFiles(hub.Data), Raw, [.. Raw.Except([CanaryKind.Cell, CanaryKind.UnseenPart, CanaryKind.UnseenCell])]);

        // The longest life of a reading is over: only totals of the day, the value in the alarm, and the newest that each device said of now.
        await hub.MoveClockAsync(Noon.AddMinutes(75).AddHours(7), cancellation);
        await GoneAsync(hub, scan, [CanaryKind.Part, CanaryKind.Cell, CanaryKind.UnseenPart, CanaryKind.UnseenCell, CanaryKind.Refused], cancellation);
        AssertFiles(scan.InFiles(hub.Data), Nothing, [CanaryKind.Day, CanaryKind.Alarm, CanaryKind.Zone, CanaryKind.Counter, CanaryKind.Noise]);

        // Newer readings overwrite the older ones; a total of a day goes with the end of the next.
        await RenewAsync(hub, cancellation);
        await hub.MoveClockAsync(EndOfNextDay.AddMinutes(-2), cancellation);
        Assert.Contains(scan.InFiles(hub.Data)["silo/state.db"].Concat(scan.InFiles(hub.Data).GetValueOrDefault("silo/state.db-wal") ?? []), canary => _canaries.Known[canary] == CanaryKind.Day);
        await hub.MoveClockAsync(EndOfNextDay.AddMinutes(2), cancellation);
        await GoneAsync(hub, scan, [CanaryKind.Day], cancellation);
        await hub.MoveClockAsync(Noon.AddDays(4), cancellation);
        await GoneAsync(hub, scan, [.. Raw.Except([CanaryKind.Alarm])], cancellation);
        Assert.Empty(hub.Said.Where(said => _canaries.Known.ContainsKey(said.Canary)).Select(said => $"{said.Where}: {_canaries.Known[said.Canary]} {said.Canary} in: {said.Text}"));
        Assert.True(hub.Amount is { Logs: > 1_000, Activities: > 50, Lines: > 20 }, $"{hub.Amount} is too little to say anything");

        // It would have been heard.
        await hub.SayAsync(Of(CanaryKind.Alarm).First(), cancellation);
        Assert.Equal(["InfluxDB", "activity control control", "log 1 control"], hub.Said.Where(said => said.Canary == Of(CanaryKind.Alarm).First()).Select(said => said.Where).Order(StringComparer.Ordinal));
        await hub.StopAsync();

        AssertFiles(scan.InFiles(hub.Data), Nothing, [CanaryKind.Alarm]);
        Assert.Empty(InHistory(hub.Data, scan));
        Assert.Empty(scan.InTables(Path.Combine(hub.Data, "silo", "releases.db")));
        foreach (var client in clients.Values)
            client.Dispose();
    }

    [Fact]
    public void A09_The_scan_finds_a_canary_in_text_and_in_numbers_and_not_in_what_only_looks_like_one()
    {
        using var folder = new TemporaryFolder();
        var canaries = new Canaries();
        var numbers = Enumerable.Range(0, 12).Select(_ => canaries.Rare(CanaryKind.Part)).ToList();
        canaries.Add(7.123457, CanaryKind.Zone);
        var scan = new CanaryScan(canaries);
        Assert.Equal([$"{numbers[0]}", "7.123457"], scan.InText($"{{\"in\":{numbers[0]},\"x\":7.123457,\"id\":\"a{numbers[1]}\",\"at\":9{numbers[2]},\"y\":1.{numbers[3]}}} {numbers[4]}b"));
        Assert.Equal([$"{numbers[5]}"], scan.InText($"{numbers[5]}.0"));
        Assert.Equal([$"{numbers[5]}"], scan.InText($"crowd value={numbers[5]}i,other={numbers[6]}if 1"));

        folder.Write("wide.bin", "");
        File.WriteAllBytes(folder.File("wide.bin"), [.. numbers.SelectMany(number => BitConverter.GetBytes((long)number))]);
        File.WriteAllBytes(folder.File("few.bin"), [.. numbers.Take(3).SelectMany(number => BitConverter.GetBytes((long)number))]);
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.File("rows.db"), Pooling = false }.ToString()))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE t (n INTEGER); INSERT INTO t VALUES {string.Join(", ", numbers.Select(number => $"({number})"))}; DELETE FROM t";
            command.ExecuteNonQuery();
        }

        var found = scan.InFiles(folder.Path);
        Assert.Equal(numbers.Count, found["wide.bin"].Count);
        Assert.Empty(found["few.bin"]);

        // Without secure_delete rows that were deleted are still in their page.
        Assert.True(found["rows.db"].Count >= numbers.Count - 2, $"{found["rows.db"].Count}");
        Assert.Empty(scan.InTables(folder.File("rows.db")));
    }

    // Five quarter-hours of counts, two in each; heads, sound, an alarm; what nobody should send.
    private void Write()
    {
        for (var at = Noon.AddMinutes(-20); at <= Noon.AddMinutes(80); at += Interval)
        {
            foreach (var device in (string[])["counter", "total", "camera", "mic", "unseen", "unseen-camera", "alarm-camera", "hall-camera"])
                _messages.Add((device, at, ""));
        }

        var (dayIn, dayOut) = (0L, 0L);
        var (unseenHourIn, unseenHourOut) = (0L, 0L);
        for (var cell = 0; cell < 5; cell++)
        {
            var (seen, unseen) = (Pairs(CanaryKind.Part, CanaryKind.Cell), Pairs(CanaryKind.UnseenPart, CanaryKind.UnseenCell));
            for (var i = 0; i < 2; i++)
            {
                var to = Noon.AddMinutes((15 * cell) + 10 + (5 * i) - 5);
                Count("counter", to, seen[i]);
                Count("unseen", to, unseen[i]);
                _canaries.Add(seen[i].In + seen[i].Out, CanaryKind.Part);
                _canaries.Add((seen[i].In + seen[i].Out) / 5.0, CanaryKind.Part);
            }

            var (cellIn, cellOut) = (seen.Sum(one => (long)one.In), seen.Sum(one => (long)one.Out));
            (dayIn, dayOut) = (dayIn + cellIn, dayOut + cellOut);
            if (cell == 3)
            {
                _canaries.Add(dayIn, CanaryKind.Day);
                _canaries.Add(dayOut, CanaryKind.Day);
            }

            if (cell == 4)
                continue;
            (unseenHourIn, unseenHourOut) = (unseenHourIn + unseen.Sum(one => (long)one.In), unseenHourOut + unseen.Sum(one => (long)one.Out));
        }

        foreach (var (total, kind) in ((long, CanaryKind)[])[(dayIn, CanaryKind.Day), (dayOut, CanaryKind.Day), (unseenHourIn, CanaryKind.UnseenCell), (unseenHourOut, CanaryKind.UnseenCell)])
            _canaries.Add(total, kind);
        // A quarter-hour of person-minutes, of which each sample is a canary.
        var personMinutes = 0L;
        for (var minute = 0; minute < 15; minute++)
        {
            var heads = _canaries.Rare(CanaryKind.UnseenPart);
            _messages.Add(("hall-camera", Noon.AddMinutes(minute), Occupancy(heads)));
            personMinutes += heads;
        }

        _canaries.Add(personMinutes, CanaryKind.UnseenCell);
        var (people, unseenPeople, alarm) = (_canaries.Rare(CanaryKind.Zone), _canaries.Rare(CanaryKind.UnseenPart), _canaries.Rare(CanaryKind.Alarm));
        _canaries.Add(people / 1000.0, CanaryKind.Zone);
        _canaries.Add(alarm / 1000.0, CanaryKind.Alarm);
        _canaries.Add(71.612377, CanaryKind.Noise);
        _canaries.Add(13.612349, CanaryKind.UnseenPart);
        var (total1, step) = (8_123_456_789_011L, 20_011);
        _canaries.Add(total1, CanaryKind.Counter);
        _canaries.Add(total1 + step, CanaryKind.Counter);
        foreach (var (device, readings) in ((string, string)[])[
            ("camera", Occupancy(people)), ("unseen-camera", Occupancy(unseenPeople)), ("unseen-camera", """{"channel":"view","density":{"perM2":13.612349}}"""),
            ("alarm-camera", Occupancy(alarm)), ("mic", """{"channel":"mic","noise":{"laeqDb":71.612377}}"""), ("total", Total(total1))])
            _messages.Add((device, Noon.AddMinutes(76), readings));
        _messages.Add(("total", Noon.AddMinutes(79), Total(total1 + step)));
        _refused = _canaries.Rare(CanaryKind.Refused);
        _canaries.Add(Impossible, CanaryKind.Refused);
        _messages.Sort((a, b) => a.At.CompareTo(b.At));
    }

    private (int In, int Out)[] Pairs(CanaryKind part, CanaryKind cell)
    {
        // More in than out: what is shown of a zone ends at 0.
        var (firstOut, firstIn) = (_canaries.Rare(part), _canaries.Rare(part));
        var secondOut = _canaries.Rare(part, next => !_canaries.IsNear(firstOut + next));
        _canaries.Add(firstOut + secondOut, cell);
        var secondIn = _canaries.Rare(part, next => !_canaries.IsNear(firstIn + next));
        _canaries.Add(firstIn + secondIn, cell);
        return [(firstIn, firstOut), (secondIn, secondOut)];
    }

    private void Count(string device, DateTimeOffset to, (int In, int Out) passages) =>
        _messages.Add((device, to, $$$"""{"channel":"line","count":{"in":{{{passages.In}}},"out":{{{passages.Out}}},"from":"{{{to - Interval:O}}}"}}"""));

    private static string Occupancy(int people) => $$$"""{"channel":"view","occupancy":{"people":{{{people}}}}}""";

    private static string Total(long passages) => $$$"""{"channel":"line","total":{"in":{{{passages}}},"out":{{{passages}}}}}""";

    private async Task SendAsync(TaintedHub hub, CanaryScan scan, Func<DateTimeOffset, bool> isNow, CancellationToken cancellation)
    {
        await using var publisher = await hub.PublisherAsync(cancellation);
        foreach (var (device, at, readings) in _messages.Where(message => isNow(message.At)))
            await publisher.SendAsync(device, at, readings, cancellation);


        // Refused: an impossible number, and a channel that nobody knows. Who sent it is told why, and not with the number.
        foreach (var (channel, count) in ((string, long)[])[("line", Impossible), ("nobody", _refused)])
        {
            var answer = await publisher.PublishAsync("equipment/counter/readings", $$$"""{"readings":[{"channel":"{{{channel}}}","count":{"in":{{{count}}},"out":0}}]}""", cancellation);
            Assert.False(answer.IsSuccess);
            Assert.NotEqual("", answer.ReasonString ?? "");
            Assert.Empty(scan.InText($"{answer.ReasonString} {string.Join(' ', answer.UserProperties.Select(property => $"{property.Name} {Encoding.UTF8.GetString(property.ValueBuffer.Span)}"))}"));
        }
    }

    // The next day's readings of what is known of now.
    private static async Task RenewAsync(TaintedHub hub, CancellationToken cancellation)
    {
        await using var publisher = await hub.PublisherAsync(cancellation);
        var at = Noon.AddMinutes(75).AddHours(7);
        foreach (var (device, readings) in ((string, string)[])[("camera", Occupancy(3)), ("alarm-camera", Occupancy(3)), ("mic", """{"channel":"mic","noise":{"laeqDb":40}}"""), ("total", Total(5))])
            await publisher.SendAsync(device, at, readings, cancellation);
    }

    // Without the timers that empty logs, everything that was journaled since the start is in the journal's log.
    private Task AssertAliveAsync(TaintedHub hub, CanaryScan scan, CancellationToken cancellation) => Waiting.UntilAsync(
        "raw numbers are in journal and state store while they live",
        () =>
        {
            var files = scan.InFiles(hub.Data);
            var (journal, state) = (In("gateway/journal.db"), In("silo/state.db"));
            CanaryKind[] stored = [CanaryKind.Part, CanaryKind.Cell, CanaryKind.Day, CanaryKind.Zone, CanaryKind.Alarm, CanaryKind.Counter, CanaryKind.Noise, CanaryKind.UnseenCell];
            return Task.FromResult(Of(CanaryKind.UnseenPart).All(journal.Contains) && stored.All(kind => Of(kind).Any(state.Contains)));

            HashSet<string> In(string name) => [.. files.Where(file => file.Key.StartsWith(name, StringComparison.Ordinal)).SelectMany(file => file.Value)];
        },
        Patience,
        cancellation);

    // What somebody in the control room may see they do see, and nothing of devices that serve statistics alone.
    private async Task AssertControlRoomAsync(TaintedHub hub, CanaryScan scan, HttpClient client, CanaryKind[] kinds, CancellationToken cancellation)
    {
        var seen = new HashSet<string>();
        await Waiting.UntilAsync(
            $"the control room sees {string.Join(", ", kinds)}",
            async () =>
            {
                foreach (var address in CanarySurfaces.Of(hub.Routes).Where(address => address.StartsWith("api/spaces", StringComparison.Ordinal) || address.StartsWith("api/alarms", StringComparison.Ordinal)))
                    seen.UnionWith(scan.InText((await CanarySurfaces.GetAsync(client, address, cancellation)).Answer));
                return kinds.All(kind => Of(kind).Any(seen.Contains));
            },
            Patience,
            cancellation);
        Assert.DoesNotContain(seen, canary => _canaries.Known[canary] is CanaryKind.UnseenPart or CanaryKind.UnseenCell or CanaryKind.Refused);
    }

    private async Task AssertSurfacesAsync(TaintedHub hub, CanaryScan scan, Dictionary<string, HttpClient> clients, CancellationToken cancellation)
    {
        var (problems, addresses, fine) = (new List<string>(), CanarySurfaces.Of(hub.Routes), 0);
        var (deeds, heard) = (CanarySurfaces.DeedsOf(hub.Routes), new Dictionary<string, HashSet<int>>());
        foreach (var (role, client) in clients)
        {
            var isControlRoom = role is "operator" or "supervisor";
            foreach (var address in addresses)
            {
                var (status, answer) = await CanarySurfaces.GetAsync(client, address, cancellation);
                fine += status == 200 ? 1 : 0;
                Look($"{role} {address}", status, answer, isControlRoom);
            }

            foreach (var deed in deeds)
            {
                var (status, answer) = await CanarySurfaces.DoAsync(client, deed, cancellation);
                (heard.TryGetValue(deed.Address, out var known) ? known : heard[deed.Address] = []).Add(status);
                Look($"{role} {deed}", status, answer, isControlRoom);
            }
        }

        using var scraper = new HttpClient { BaseAddress = hub.Address };
        scraper.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(hub.Data, "metrics-token"), cancellation)).Trim());
        var metrics = (await scraper.GetStringAsync(new Uri("metrics", UriKind.Relative), cancellation)).Split('\n');
        Assert.Contains(metrics, line => line.StartsWith("monitoring_", StringComparison.Ordinal));

        // Those of the runtime are bytes and times of the process.
        problems.AddRange(metrics.Where(line => line.StartsWith("monitoring_", StringComparison.Ordinal)).SelectMany(scan.InText).Select(canary => $"/metrics: {canary}"));
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        Assert.True(fine > 100, $"only {fine} answers of {addresses.Count} addresses had something to say");

        // Somebody was let in to do it, and what was sent was looked at.
        Assert.InRange(heard.Count, 30, int.MaxValue);
        Assert.Contains(200, heard["api/clock"]);
        Assert.Contains(200, heard["api/history/square/days/2020-01-01/withdraw"]);
        Assert.Contains(400, heard["api/spaces/alarmed/thresholds"]);

        void Look(string where, int status, byte[] answer, bool isControlRoom)
        {
            Assert.True(status is not (429 or >= 500), $"{where}: {status} {Encoding.UTF8.GetString(answer)}");
            problems.AddRange(scan.InText(answer).Concat(scan.InNumbers(answer)).Where(canary => !isControlRoom || _canaries.Known[canary] is CanaryKind.UnseenPart or CanaryKind.UnseenCell or CanaryKind.Refused)
                .Select(canary => $"{where}: {_canaries.Known[canary]} {canary}"));
        }
    }

    private void AssertFiles(Dictionary<string, HashSet<string>> files, CanaryKind[] inJournal, CanaryKind[] inState)
    {
        var problems = new List<string>();
        foreach (var (file, found) in files)
        {
            var may = file.StartsWith("gateway/journal.db", StringComparison.Ordinal) ? inJournal : file.StartsWith("silo/state.db", StringComparison.Ordinal) ? inState : Nothing;
            problems.AddRange(found.Where(canary => !may.Contains(_canaries.Known[canary])).Select(canary => $"{file}: {_canaries.Known[canary]} {canary}"));
        }

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        Assert.Contains("silo/releases.db", files.Keys);
        Assert.Contains("silo/history.duckdb", files.Keys);
        Assert.Contains("releases.head", files.Keys);
    }

    private async Task GoneAsync(TaintedHub hub, CanaryScan scan, CanaryKind[] kinds, CancellationToken cancellation)
    {
        Dictionary<string, string> left = [];
        try
        {
            await Waiting.UntilAsync("raw numbers are gone from every file", () =>
            {
                left = scan.InFiles(hub.Data).SelectMany(file => file.Value.Where(canary => kinds.Contains(_canaries.Known[canary])).Select(canary => ($"{file.Key}: {_canaries.Known[canary]}", canary))).GroupBy(one => one.Item1).ToDictionary(one => one.Key, one => string.Join(' ', one.Select(canary => canary.canary)));
                return Task.FromResult(left.Count == 0);
            }, Patience, cancellation);
        }
        catch (TimeoutException)
        {
            Assert.Fail(string.Join(Environment.NewLine, left.Select(one => $"{one.Key} {one.Value}")));
        }
    }

    // Neither the journal nor a count is in a backup, and none in what a command says.
    private async Task AssertBackupAsync(TaintedHub hub, CanaryScan scan, TemporaryFolder folder, CancellationToken cancellation)
    {
        var made = await HubCommand.RunAsync(["backup", folder.File("copy.zip"), "--data", hub.Data], cancellation);
        Assert.True(made.ExitCode == 0, made.Errors);
        foreach (var said in (HubCommand[])[made, await CommandAsync("verify"), await CommandAsync("health"), await CommandAsync("users", "list")])
        {
            Assert.NotEqual("", said.Output + said.Errors);
            Assert.Empty(scan.InText(said.Output + said.Errors));
        }

        await ZipFile.ExtractToDirectoryAsync(folder.File("copy.zip"), folder.File("copy"), cancellation);
        var found = scan.InFiles(folder.File("copy"));
        Assert.Contains("silo/state.db", found.Keys);
        Assert.DoesNotContain(found.Values.SelectMany(canaries => canaries), canary => _canaries.Known[canary] != CanaryKind.Alarm);

        Task<HubCommand> CommandAsync(params string[] words) => HubCommand.RunAsync([.. words, "--data", hub.Data], cancellation);
    }

    // Noise of 0 is noise: a cell that drew it is told as it was, and nobody can know that.
    private void TakeOutReleased(TaintedHub hub)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(hub.Data, "silo", "releases.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT series, value FROM release WHERE value IS NOT NULL ORDER BY series, from_ms";
        var released = new List<(string Series, long Value)>();
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
                released.Add((row.GetString(0), row.GetInt64(1)));
        }

        Assert.True(released.Count >= 20, $"{released.Count} cells are released");
        var before = Of(CanaryKind.Cell).Concat(Of(CanaryKind.UnseenCell)).Count();
        var sums = released.GroupBy(cell => cell.Series).SelectMany(series => series.SelectMany((_, from) => Enumerable.Range(1, series.Count() - from).Select(count => series.Skip(from).Take(count).Sum(cell => cell.Value))));
        _canaries.TakeOut(sums);

        // That all of them drew 0 happens once in 10^20 runs.
        Assert.NotEmpty(Of(CanaryKind.Cell).Concat(Of(CanaryKind.UnseenCell)));
        TestContext.Current.TestOutputHelper!.WriteLine($"{before - Of(CanaryKind.Cell).Concat(Of(CanaryKind.UnseenCell)).Count()} of {before} true numbers of cells and hours were released with noise 0");
    }

    private static HashSet<string> InHistory(string data, CanaryScan scan)
    {
        using var connection = new DuckDBConnection($"DataSource={Path.Combine(data, "silo", "history.duckdb")};access_mode=READ_ONLY");
        connection.Open();
        var text = new StringBuilder();
        foreach (var table in (string[])["points", "health", "monitoring_history"])
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of the hub's own tables.
            command.CommandText = $"SELECT CAST(t AS VARCHAR) FROM {table} t";
#pragma warning restore CA2100
            using var row = command.ExecuteReader();
            while (row.Read())
                text.AppendLine(row.GetString(0));
        }

        Assert.Contains("gate-in", text.ToString(), StringComparison.Ordinal);
        return scan.InText(text.ToString());
    }

    private IEnumerable<string> Of(CanaryKind kind) => _canaries.Known.Where(known => known.Value == kind).Select(known => known.Key);
}
