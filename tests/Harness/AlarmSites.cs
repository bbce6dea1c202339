using System.Globalization;

namespace Monitoring.Harness;

/// <summary>Sites whose alarms rise with one message and return with the next.</summary>
public static class AlarmSites
{
    private static readonly string[] Names =
    [
        "Grote Markt", "Place Masséna", "Centraal Station, Kruisplein en Stationsplein", "Marché de Noël", "Quai des États-Unis",
        "Hardbrücke", "Promenade des Anglais, secteur Jardin Albert 1er et Théâtre de Verdure", "Grand-Place", "Kruidtuin", "Esplanade",
    ];

    /// <summary>Spaces with zones of 100 m² and a camera in each; over 50 people raise an alarm at once, under 20 it returns. Priorities 1 to 4 in turn.</summary>
    /// <param name="spaces">Spaces: <c>space-1</c>, …</param>
    /// <param name="zones">Zones of each: <c>zone-1</c>, …; camera <c>cam-1-1</c> looks at zone 1 of space 1.</param>
    /// <param name="silent">More cameras in each space that nobody sends for.</param>
    public static string Cameras(int spaces, int zones, int silent = 0) => $"""
        site: alarms
        name: Alarm fixture of the harbour and old town
        spaces:
        {Lines(spaces, s => Space(s, zones, silent))}
        connections:
          - name: cabinet
            topics:
        {Lines(spaces, s => string.Join(Environment.NewLine, Lines(zones, z => $"      - equipment/cam-{s}-{z}/readings"), Lines(silent, z => $"      - equipment/spare-{s}-{z}/readings")).TrimEnd())}
        """;

    /// <summary>Sends a camera's head count.</summary>
    public static Task SeeAsync(this Publisher publisher, int space, int zone, int people, CancellationToken cancellation) =>
        publisher.SendAsync($"cam-{space}-{zone}", TimeProvider.System.GetUtcNow(), string.Create(CultureInfo.InvariantCulture, $"{{\"channel\":\"view\",\"occupancy\":{{\"people\":{people}}}}}"), cancellation);

    private static string Space(int s, int zones, int silent) => $$"""
          - id: space-{{s}}
            name: "{{Names[(s - 1) % Names.Length]}}"
            city: Testville
            timeZone: Europe/Brussels
            zones:
        {{Lines(zones, z => $$"""      - { id: zone-{{z}}, name: "{{(z % 4 == 2 ? $"Stage front, left of the fountain and the kiosk {z}" : $"Zone {z}")}}", areaM2: 100, capacity: 300 }""")}}
            devices:
        {{Lines(zones, z => $$"""      - { id: cam-{{s}}-{{z}}, name: "{{(z % 5 == 3 ? $"Counting camera on the lamp post at the corner of the theatre {z}" : $"Camera {z}")}}", kind: counting-camera, intervalSeconds: 600, channels: [{ name: view, zone: zone-{{z}} }] }""")}}
        {{Lines(silent, z => $$"""      - { id: spare-{{s}}-{{z}}, name: Bollard group {{z}}, kind: bollard, intervalSeconds: 2, channels: [{ name: b1 }, { name: battery }] }""")}}
            thresholds:
        {{Lines(zones, z => $$"""      - { rule: density, subject: zone-{{z}}, on: 0.5, off: 0.2, onForSeconds: 0, offForSeconds: 0, priority: {{1 + ((z - 1) % 4)}} }""")}}
        """;

    private static string Lines(int count, Func<int, string> line) => string.Join(Environment.NewLine, Enumerable.Range(1, count).Select(line));
}
