using System.Globalization;
using System.Text;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests;

/// <summary>A small public space for tests: two zones, two lines, a camera, a bollard, a line without telemetry.</summary>
internal static class Square
{
    public const string Yaml = """
        site: pilot
        name: Pilot
        spaces:
          - id: square
            name: Square
            city: Turin
            timeZone: Europe/Zurich
            zones:
              - { id: plaza, name: Plaza, areaM2: 100, capacity: 200 }
              - { id: stage, name: Stage, areaM2: 50, capacity: 100 }
            lines:
              - { id: north, name: North gate, widthM: 4, from: outside, to: plaza }
              - { id: steps, name: Steps, widthM: 2, from: plaza, to: stage }
            devices:
              - { id: counter-1, kind: counter, intervalSeconds: 60, channels: [{ name: north, line: north }] }
              - { id: counter-2, kind: counter, intervalSeconds: 60, channels: [{ name: steps, line: steps }] }
              - { id: camera, kind: counting-camera, intervalSeconds: 30, channels: [{ name: stage, zone: stage }] }
              - { id: spare, kind: counting-camera, purpose: statistics, intervalSeconds: 30, channels: [{ name: plaza, zone: plaza }] }
              - { id: bollard, kind: bollard, intervalSeconds: 300, channels: [{ name: b1 }, { name: b2 }] }
            barrierLines:
              - id: edge
                name: Edge
                elements:
                  - { id: e1, device: bollard, channel: b1 }
                  - { id: e2, device: bollard, channel: b2 }
              - { id: blocks, name: Blocks, elements: [{ id: stone }] }
            thresholds:
              - { rule: density, subject: plaza, on: 2 }
        connections:
          - { name: counters, topics: [equipment/counter-1/readings, equipment/counter-2/readings] }
        """;

    public static readonly TimeZoneInfo Zurich = TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich");

    public static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static CompiledSite Compile(string yaml)
    {
        var (site, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", yaml, new Dictionary<string, string>()));
        Assert.Empty(problems);
        return site!;
    }

    private static readonly CompiledSite Compiled = Compile(Yaml);

    public static PublicSpace Space() => Compiled.Site.Spaces[0];

    public static EquipmentProfile Native() => Compiled.Profiles["native"];

    public static AcceptedMessage Message(string device, DateTimeOffset time, params Reading[] readings) => new()
    {
        DeviceId = device,
        Profile = "native/1",
        ArrivedAt = time,
        Time = time,
        TimeFromDevice = true,
        Readings = readings,
    };

    public static CountReading Count(string channel, DateTimeOffset time, int passagesIn, int passagesOut, int seconds = 60) =>
        new(channel, time, passagesIn, passagesOut, seconds == 0 ? null : time.AddSeconds(-seconds));

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
