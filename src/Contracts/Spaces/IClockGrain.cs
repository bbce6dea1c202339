namespace Monitoring.Contracts.Spaces;

/// <summary>The virtual clock of a replay hub; persisted, never going back. Key: 0.</summary>
[GrainInterfaceType("clock"), Alias("clock")]
public interface IClockGrain : IGrainWithIntegerKey
{
    /// <summary>The instant of the hub's clock.</summary>
    [Alias("get")]
    Task<DateTimeOffset> GetAsync();

    /// <summary>Moves the clock once every reading that any gateway has accepted so far is applied; an older instant moves nothing.</summary>
    /// <param name="to">The instant to move to.</param>
    /// <returns>The instant of the clock afterwards.</returns>
    /// <exception cref="InvalidOperationException">The hub runs on the wall clock.</exception>
    [Alias("advance")]
    Task<DateTimeOffset> AdvanceAsync(DateTimeOffset to);
}
