using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;

namespace Monitoring.Silo.Spaces;

/// <summary>Moves the virtual clock of a replay: first every accepted reading is applied, then the time is saved, then everybody looks at it.</summary>
internal sealed class ClockGrain(
    [PersistentState("clock")] IPersistentState<ClockState> store,
    SiteCache sites,
    HubClock clock) : Grain, IClockGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (clock.Kind == ClockKind.Replay && store.RecordExists)
            clock.MoveTo(store.State.Now);
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset> GetAsync() => Task.FromResult(clock.Now);

    public async Task<DateTimeOffset> AdvanceAsync(DateTimeOffset to)
    {
        if (clock.Kind != ClockKind.Replay)
            throw new InvalidOperationException("The hub runs on the wall clock, which nobody moves.");
        if (to > store.State.Now)
            await DrainAndSaveAsync(to);

        // Also where it was saved before: a call that failed half-way is repeated by its caller.
        clock.MoveTo(store.State.Now);
        await GrainFactory.GetGrain<IIntakeGrain>(0).MoveClocksAsync(store.State.Now);
        await Task.WhenAll((await sites.SpacesAsync()).Keys.Select(space => GrainFactory.GetGrain<ISpaceGrain>(space).TickAsync()));
        return clock.Now;
    }

    private async Task DrainAndSaveAsync(DateTimeOffset to)
    {
        await GrainFactory.GetGrain<IIntakeGrain>(0).DrainAsync();
        var before = store.State.Now;
        store.State.Now = to;
        try
        {
            await store.WriteStateAsync();
        }
        catch
        {
            store.State.Now = before;
            throw;
        }
    }
}

/// <summary>The saved virtual clock.</summary>
internal sealed class ClockState
{
    /// <summary>The instant it stood at.</summary>
    public DateTimeOffset Now { get; set; }
}
