using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Intake;

namespace Monitoring.Contracts.Spaces;

/// <summary>The live state of one public space. Key: space id.</summary>
[GrainInterfaceType("space"), Alias("space")]
public interface ISpaceGrain : IGrainWithStringKey
{
    /// <summary>Applies journaled messages, once each: what the space has applied already is skipped by its offset.</summary>
    /// <param name="batch">Messages of one journal in the order of their offsets.</param>
    [Alias("ingest")]
    Task<IngestReceipt> IngestAsync(ReadingBatch batch);

    /// <summary>How far a journal is applied and saved; what is at or below the saved offset may be deleted from the journal.</summary>
    /// <param name="journal">Journal id.</param>
    [Alias("cursor")]
    Task<IngestReceipt> GetCursorAsync(Guid journal);

    /// <summary>The state of now.</summary>
    [Alias("get")]
    Task<SpaceUpdate> GetAsync();

    /// <summary>The state of now, then each change. A slow reader gets the newest state, marked as a snapshot where it missed some.</summary>
    /// <param name="cancellation">Ends the watch.</param>
    [Alias("watch")]
    IAsyncEnumerable<SpaceUpdate> WatchAsync(CancellationToken cancellation);

    /// <summary>Status of the space's equipment: UTF-8 JSON of a list of <see cref="Domain.Spaces.DeviceStatus"/>.</summary>
    [Alias("devices")]
    Task<byte[]> GetDevicesAsync();

    /// <summary>What holds for the releases of days that have their terms and are not all released yet: UTF-8 JSON of <see cref="Domain.Privacy.DayTerms"/> by local day.</summary>
    [Alias("terms")]
    Task<byte[]> GetTermsAsync();

    /// <summary>The last two hours in steps: UTF-8 JSON, as the API sends it.</summary>
    [Alias("recent")]
    Task<byte[]> GetRecentAsync();

    /// <summary>The space's alarms that are not over, most urgent first: UTF-8 JSON of a list of <see cref="Domain.Alarms.Alarm"/>.</summary>
    [Alias("alarms")]
    Task<byte[]> GetAlarmsAsync();

    /// <summary>The space's alarms that are over, of the last 30 days, newest first, as <see cref="Domain.Alarms.Alarm.NewestOver"/> cuts them: UTF-8 JSON.</summary>
    /// <param name="before">Only what was over before; null for the newest.</param>
    /// <param name="max">How many, 1 or more.</param>
    [Alias("alarms-over")]
    Task<byte[]> GetAlarmsOverAsync(DateTimeOffset? before, int max);

    /// <summary>A person takes an alarm. The first wins; it is stored when this returns.</summary>
    /// <param name="alarm">Id of the alarm.</param>
    /// <param name="by">Name of the person.</param>
    /// <param name="note">A note, at most 500 characters; empty for none.</param>
    /// <exception cref="NotStoredException">It could not be stored and was not done.</exception>
    [Alias("acknowledge")]
    Task<AcknowledgeAnswer> AcknowledgeAsync(string alarm, string by, string note);

    /// <summary>Changes a threshold for a time; it is stored when this returns.</summary>
    /// <param name="wish">The change.</param>
    /// <returns>Null where it is done; else what is wrong with the wish and how to mend it.</returns>
    /// <exception cref="NotStoredException">It could not be stored and was not done.</exception>
    [Alias("change-threshold")]
    Task<string?> ChangeThresholdAsync(ThresholdWish wish);

    /// <summary>Looks at the clock: silence, day borders. Called when a replay clock has moved; the wall clock is looked at each second.</summary>
    [Alias("tick")]
    Task TickAsync();

    /// <summary>Takes the stored site document over, after an import.</summary>
    [Alias("reload-site")]
    Task ReloadSiteAsync();
}

/// <summary>One published state of a space.</summary>
/// <param name="Sequence">Grows by one with each published state.</param>
/// <param name="IsSnapshot">Whether the reader has to take it as a new beginning: the first, or one after a gap.</param>
/// <param name="Json">UTF-8 JSON of a <see cref="Domain.Spaces.SpaceSnapshot"/>, as the API sends it.</param>
[Immutable, GenerateSerializer, Alias("space-update")]
public sealed record SpaceUpdate([property: Id(0)] long Sequence, [property: Id(1)] bool IsSnapshot, [property: Id(2)] byte[] Json);
