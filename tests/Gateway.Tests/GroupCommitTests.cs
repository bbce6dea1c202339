using Monitoring.Storage;

namespace Monitoring.Gateway.Tests;

/// <summary>The thread that writes for everybody.</summary>
public sealed class GroupCommitTests
{
    private static readonly AsyncLocal<string?> Request = new();

    [Fact]
    public async Task Who_happens_to_make_it_is_not_in_all_that_it_writes()
    {
        // As where the first request of all needs the store for the first time.
        Request.Value = "the first request";
        var seen = new List<string?>();
        using var commits = new GroupCommit<int>("test", 10, items => seen.AddRange(items.Select(_ => Request.Value)));
        foreach (var item in (int[])[1, 2])
            await commits.TryAdd(() => item)!.Value.Committed;
        Assert.Equal([null, null], seen);
    }
}
