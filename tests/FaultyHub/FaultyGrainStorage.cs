using Orleans.Storage;

namespace Monitoring.FaultyHub;

/// <summary>The grains' state on a disk that can be away, full or slow.</summary>
internal sealed class FaultyGrainStorage(IGrainStorage inner, StoreFault fault) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Delay(fault.Delay, TimeProvider.System);
        fault.ThrowOnRead();
        await inner.ReadStateAsync(stateName, grainId, grainState);
    }

    // What is written is what the grain had when it asked: the hub's own storage copies it before it waits.
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        fault.ThrowOnWrite();
        await inner.WriteStateAsync(stateName, grainId, grainState);
        await Task.Delay(fault.Delay, TimeProvider.System);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        fault.ThrowOnWrite();
        await inner.ClearStateAsync(stateName, grainId, grainState);
        await Task.Delay(fault.Delay, TimeProvider.System);
    }
}
