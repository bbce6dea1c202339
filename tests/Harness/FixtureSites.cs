using System.Globalization;

namespace Monitoring.Harness;

/// <summary>Site documents of the tests' own.</summary>
public static class FixtureSites
{
    /// <summary>One square of 100 m² with a counter at each of its gates; one connection <c>square</c> speaks for all.</summary>
    /// <param name="gates">Gates and counters: <c>gate-1</c>, <c>counter-1</c>, …</param>
    /// <param name="intervalSeconds">Expected interval of each counter.</param>
    /// <param name="thresholds">Thresholds, each the inside of a mapping: <c>rule: density, on: 1</c>.</param>
    public static string Square(int gates, double intervalSeconds, params string[] thresholds)
    {
        var numbers = Enumerable.Range(1, gates).ToList();
        return $"""
            site: fixture
            name: Fixture
            spaces:
              - id: square
                name: Square
                city: Testville
                timeZone: Europe/Brussels
                zones:
                  - {Braces("id: main, name: Main, areaM2: 100, capacity: 300")}
                lines:
            {Lines(numbers, n => $"      - {Braces($"id: gate-{n}, name: Gate {n}, widthM: 3, from: outside, to: main")}")}
                devices:
            {Lines(numbers, n => string.Create(CultureInfo.InvariantCulture, $"      - {Braces($"id: counter-{n}, kind: counter, intervalSeconds: {intervalSeconds}, channels: [{Braces($"name: gate, line: gate-{n}")}]")}"))}
                thresholds: [{string.Join(", ", thresholds.Select(Braces))}]
            connections:
              - name: square
                topics:
            {Lines(numbers, n => $"      - equipment/counter-{n}/readings")}
              - name: stranger
                topics: [equipment/counter-1/readings]
            """;
    }

    private static string Braces(string inner) => "{ " + inner + " }";

    private static string Lines(IEnumerable<int> numbers, Func<int, string> line) => string.Join(Environment.NewLine, numbers.Select(line));
}
