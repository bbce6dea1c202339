using Monitoring.Domain.History;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Silo.History;

/// <summary>The usual week of each series, once a night: for copies whose readers must not add numbers up themselves.</summary>
/// <param name="reader">Answers from the store.</param>
internal sealed class UsualWeeks(HistoryReader reader)
{
    /// <summary>Days before the last local midnight that are in a usual week: twelve of each weekday.</summary>
    public const int Days = 84;

    /// <summary>When a day is looked back on, after its end: by then all of its cells are out or known to have no number.</summary>
    public static readonly TimeSpan After = TimeSpan.FromHours(7);

    private readonly Dictionary<string, DateOnly> _written = [];

    /// <summary>Whether the weeks of a space are due.</summary>
    /// <param name="space">The space.</param>
    /// <param name="now">The current instant by the hub's clock.</param>
    public bool IsDue(PublicSpace space, DateTimeOffset now) => _written.GetValueOrDefault(space.Id) != CivilDay.At(now - After, space.TimeZone).Date;

    /// <summary>The weeks of a space, where they are due.</summary>
    /// <param name="space">The space.</param>
    /// <param name="now">The current instant by the hub's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null where they are not due, or the store cannot be asked now.</returns>
    public async Task<IReadOnlyList<UsualWeek>?> DueAsync(PublicSpace space, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!IsDue(space, now))
            return null;
        var today = CivilDay.At(now - After, space.TimeZone);
        var from = CivilDay.Of(today.Date.AddDays(-Days), space.TimeZone).From;
        return await reader.UsualWeeksAsync(space.Id, from, today.From, cancellation);
    }

    /// <summary>Notes that the weeks of a space are where they belong.</summary>
    public void Written(PublicSpace space, DateTimeOffset now) => _written[space.Id] = CivilDay.At(now - After, space.TimeZone).Date;

    /// <summary>Lets all be written again: copies are made anew.</summary>
    public void Forget() => _written.Clear();
}
