using System.Text.Json;
using Monitoring.Domain.Accounts;
using Monitoring.Silo.Accounts;
using Orleans.Storage;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>Rows in memory, and a power cut before or after a chosen write.</summary>
internal sealed class CrashingStorage : IGrainStorage
{
    private readonly SortedDictionary<string, (long Etag, string Body)> _rows = new(StringComparer.Ordinal);

    /// <summary>Writes that were asked for.</summary>
    public int Writes { get; private set; }

    /// <summary>The write at which it crashes, from 1; 0 for never.</summary>
    public int CrashAt { get; init; }

    /// <summary>Whether that write was still done.</summary>
    public bool CrashAfter { get; init; }

    /// <summary>Whether nothing can be written.</summary>
    public bool Away { get; set; }

    public IEnumerable<string> Keys => _rows.Keys;

    public void Remove(string key) => _rows.Remove(key);

    /// <summary>Walks what is stored, as 'monitoring verify' does.</summary>
    public AuditWalk Walk()
    {
        var head = _rows.TryGetValue(AuditRows.Head, out var row) ? JsonSerializer.Deserialize<AuditHead>(row.Body) : null;
        var blocks = _rows.Where(each => each.Key != AuditRows.Head)
            .Select(each => new AuditBlock(each.Key.Split('/')[0], int.Parse(each.Key.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture), JsonSerializer.Deserialize<AuditBlockState>(each.Value.Body)!.Lines, Damaged: false))
            .Where(block => block.Segment != head?.Dropping);
        return AuditWalk.Over([.. blocks], head?.Known);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = _rows.TryGetValue(grainId.Key.ToString()!, out var row);
        grainState.State = found ? JsonSerializer.Deserialize<T>(row.Body)! : Activator.CreateInstance<T>();
        (grainState.RecordExists, grainState.ETag) = (found, row.Etag.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ChangeAsync(grainId, grainState, (key, etag) =>
    {
        _rows[key] = (etag + 1, JsonSerializer.Serialize(grainState.State));
        (grainState.RecordExists, grainState.ETag) = (true, (etag + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
    });

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ChangeAsync(grainId, grainState, (key, _) => _rows.Remove(key));

    private Task ChangeAsync<T>(GrainId id, IGrainState<T> state, Action<string, long> change)
    {
        var key = id.Key.ToString()!;
        var etag = state.RecordExists ? long.Parse(state.ETag!, System.Globalization.CultureInfo.InvariantCulture) : 0;
        if (Away || (++Writes == CrashAt && !CrashAfter))
            throw new IOException("The store is away.");
        if (etag != (_rows.TryGetValue(key, out var row) ? row.Etag : 0))
            throw new InconsistentStateException(key);
        change(key, etag);
        if (Writes == CrashAt)
            throw new IOException("The store went away after the write.");
        return Task.CompletedTask;
    }
}
