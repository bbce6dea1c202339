namespace Monitoring.Faults.Intake;

/// <summary>A site with an honest counter in one space and a device of the attacker in another.</summary>
internal static class HostileSite
{
    public const string HonestDevice = "counter-1";

    public const string HonestSpace = "square";

    public const string Honest = "honest";

    public const string Hostile = "hostile";

    /// <summary>The device of the hostile connection.</summary>
    public const string Device = "target";

    /// <summary>The only topic that the hostile connection may publish to.</summary>
    public const string Topic = $"equipment/{Device}/readings";

    public const string Yaml = """
        site: hostile
        name: Hostile
        spaces:
          - id: square
            name: Square
            city: Testville
            timeZone: Europe/Brussels
            zones: [{ id: main, name: Main, areaM2: 100, capacity: 300 }]
            lines: [{ id: gate-1, name: Gate, widthM: 3, from: outside, to: main }]
            devices: [{ id: counter-1, kind: counter, intervalSeconds: 60, channels: [{ name: gate, line: gate-1 }] }]
          - id: yard
            name: Yard
            city: Testville
            timeZone: Europe/Brussels
            zones: [{ id: main, name: Main, areaM2: 100, capacity: 300 }]
            lines: [{ id: door, name: Door, widthM: 3, from: outside, to: main }]
            devices: [{ id: target, kind: counting-camera, intervalSeconds: 60, channels: [{ name: gate, line: door }, { name: stage, zone: main }, { name: b1 }] }]
        connections:
          - { name: honest, topics: [equipment/counter-1/readings] }
          - { name: hostile, topics: [equipment/target/readings] }
        """;
}
