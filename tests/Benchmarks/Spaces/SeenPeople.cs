using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Monitoring.Benchmarks.Spaces;

/// <summary>When a number of people was first seen somewhere.</summary>
internal sealed class SeenPeople
{
    private const string DataField = "data: ";

    private readonly Lock _lock = new();
    private string _awaited = "";
    private TaskCompletionSource<long> _change = new();

    /// <summary>Waits for a number; the result is the time stamp at which it was seen.</summary>
    public Task<long> Await(int people)
    {
        lock (_lock)
        {
            (_awaited, _change) = (people.ToString(CultureInfo.InvariantCulture), new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
            return _change.Task;
        }
    }

    /// <summary>Notes what is seen now.</summary>
    public bool Note(string people)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (people.Length > 0 && people == _awaited)
                _change.TrySetResult(now);
        }

        return true;
    }

    /// <summary>Notes what the live stream of a space says, until told to leave.</summary>
    public async Task FollowAsync(HttpClient hub, string space, CancellationToken leaving)
    {
        try
        {
            using var reader = new StreamReader(await hub.GetStreamAsync($"api/spaces/{space}/live", leaving));
            while (await reader.ReadLineAsync(leaving) is { } line)
            {
                if (!line.StartsWith(DataField, StringComparison.Ordinal))
                    continue;
                using var data = JsonDocument.Parse(line.AsMemory(DataField.Length));
                if (data.RootElement.TryGetProperty("people", out var people))
                    Note(people.GetRawText());
            }
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }
}
