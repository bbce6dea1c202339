using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Silo.History;

/// <summary>What the history grain keeps: how far copies are that do not keep it themselves, and what spaces were when their numbers were assembled.</summary>
internal sealed class HistoryState
{
    /// <summary>How far each copy is, by name.</summary>
    public Dictionary<string, long> Cursors { get; init; } = [];

    /// <summary>The instant up to which each copy but the store has how equipment was, by name.</summary>
    public Dictionary<string, DateTimeOffset> HealthCursors { get; init; } = [];

    /// <summary>The last place of the ledger up to which the audit log was told what was refused.</summary>
    public long RefusalsTold { get; set; }

    /// <summary>Facts of each space, oldest first: copies that are made again say what they said.</summary>
    public Dictionary<string, List<SpaceFact>> Spaces { get; init; } = [];

    /// <summary>The facts of a space on a day.</summary>
    /// <param name="space">The space.</param>
    /// <param name="day">The local day.</param>
    public SpaceFact On(string space, DateOnly day) =>
        Spaces.GetValueOrDefault(space) is { Count: > 0 } facts ? facts.FindLast(fact => fact.From <= day) ?? facts[0] : new SpaceFact(DateOnly.MinValue, "UTC", false);

    /// <summary>The first day that is kept: the first of a month, so that the days of a month go together and its sum stands in their place. It is counted where the day is the earliest, so that nothing goes too soon.</summary>
    /// <param name="now">The current instant by the hub's clock.</param>
    /// <param name="days">How many days are kept at least.</param>
    public DateOnly KeptFrom(DateTimeOffset now, int days)
    {
        var today = Spaces.Keys.Select(space => CivilDay.At(now, TimeZoneInfo.FindSystemTimeZoneById(On(space, DateOnly.MaxValue).TimeZone)).Date).DefaultIfEmpty(DateOnly.FromDateTime(now.UtcDateTime)).Min();
        var oldest = today.AddDays(-days);
        return new DateOnly(oldest.Year, oldest.Month, 1);
    }

    /// <summary>The first instant of a local day, wherever it begins first. The ledger forgets whole days of a space's zone, copies what begins before an instant: so a copy may keep the last hours of a day for longer, and never misses what the ledger has.</summary>
    /// <param name="day">The local day.</param>
    public DateTimeOffset StartOf(DateOnly day) =>
        Spaces.Keys.Select(space => CivilDay.Of(day, TimeZoneInfo.FindSystemTimeZoneById(On(space, day).TimeZone)).From).DefaultIfEmpty(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)).Min();

    /// <summary>Notes that the store has how equipment was at an instant: copies that are past it get it again.</summary>
    /// <param name="at">UTC instant of the schedule.</param>
    /// <returns>Whether there are such copies.</returns>
    public bool NoteHealthFrom(DateTimeOffset at)
    {
        var past = HealthCursors.Where(cursor => cursor.Value >= at).Select(cursor => cursor.Key).ToList();
        foreach (var name in past)
            HealthCursors[name] = at.AddTicks(-1);
        return past.Count > 0;
    }

    /// <summary>Notes what a space is, where it is not known or has changed.</summary>
    /// <param name="space">The space.</param>
    /// <param name="day">The last local day whose terms are taken over already: until its end the space is as it was.</param>
    /// <returns>Whether it was new.</returns>
    public bool Note(PublicSpace space, DateOnly day)
    {
        var facts = Spaces.TryGetValue(space.Id, out var known) ? known : Spaces[space.Id] = [];
        var (zone, sensitive) = (space.TimeZone.Id, space.Release.Class == PlaceClass.Sensitive);
        if (facts.Count > 0 && facts[^1].TimeZone == zone && facts[^1].Sensitive == sensitive)
            return false;

        facts.Add(new SpaceFact(facts.Count == 0 ? DateOnly.MinValue : day.AddDays(1), zone, sensitive));
        return true;
    }
}

/// <summary>What a space is, as far as the shape of its history follows from it.</summary>
/// <param name="From">First local day.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Sensitive">Whether it is a sensitive place.</param>
internal sealed record SpaceFact(DateOnly From, string TimeZone, bool Sensitive);
