namespace Monitoring.Domain.Tests;

/// <summary>Seeds of property tests. The seed stands in the test's name, so that a failure names the run that replays it.</summary>
public static class Seeds
{
    public static TheoryData<int> Many => [.. Enumerable.Range(1, 40)];
}
