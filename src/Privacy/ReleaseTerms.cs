namespace Monitoring.Privacy;

/// <summary>What a space promises about what it releases: budget, groups, plans, bounds. Public, versioned, and the same for a whole day.</summary>
public sealed class ReleaseTerms
{
    /// <summary>Terms of a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="version">Number of these terms, 1 or more; another content needs another number.</param>
    /// <param name="zone">The space's time zone.</param>
    /// <param name="budget">What may be spent in a day, over all groups.</param>
    /// <param name="groups">One group or two, of different kinds.</param>
    /// <param name="sensitive">Whether the space is a place of worship, a clinic, a shelter or the like: one cell a day, and a higher threshold.</param>
    /// <exception cref="ArgumentException">They contradict each other; the message says where and what to do.</exception>
    public ReleaseTerms(string space, int version, TimeZoneInfo zone, Epsilon budget, IReadOnlyList<ReleaseGroup> groups, bool sensitive = false)
    {
        (Space, Version, Zone, Budget, Groups, Sensitive) = (space, version, zone, budget, [.. groups], sensitive);
        var problems = Problems().ToList();
        if (problems.Count > 0)
            throw new ArgumentException($"The release terms of '{space}' cannot be kept. {string.Join(' ', problems)}");
    }

    /// <summary>The space.</summary>
    public string Space { get; }

    /// <summary>Number of these terms.</summary>
    public int Version { get; }

    /// <summary>The space's time zone, in which its days begin and end.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>What may be spent in a day, over all groups.</summary>
    public Epsilon Budget { get; }

    /// <summary>The groups.</summary>
    public IReadOnlyList<ReleaseGroup> Groups { get; }

    /// <summary>Whether the space is one where being seen at all says much about a person.</summary>
    public bool Sensitive { get; }

    /// <summary>These terms on one day.</summary>
    /// <param name="date">The date in the space's zone.</param>
    public ReleaseDay On(DateOnly date) => new(this, CivilDay.Of(date, Zone));

    private IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Space) || Version < 1)
            yield return "They need a space, and a version of 1 or more.";
        if (Groups.Count == 0)
            yield return "They have no group; a space that releases nothing has no terms.";
        foreach (var kind in Groups.CountBy(group => group.Kind).Where(kind => kind.Value > 1))
            yield return $"There is more than one group of the kind {kind.Key}; put its series into one.";
        var micro = Groups.Sum(group => group.Epsilon.Micro);
        if (micro > Budget.Micro)
            yield return $"The groups spend {micro} micro-epsilon a day and the budget is {Budget.Micro}; lower the groups' epsilon.";
        foreach (var name in Groups.SelectMany(group => group.Series.Series).CountBy(series => series.Name).Where(name => name.Value > 1))
            yield return $"The series '{name.Key}' is in two groups; give each its own name.";
        foreach (var stream in Groups.SelectMany(group => group.Series.Streams).CountBy(stream => stream).Where(stream => stream.Value > 1))
            yield return $"The stream '{stream.Key}' is in two groups; leave it in one.";
        foreach (var group in Groups.Where(group => group.Typical is not null))
        {
            var needed = new NoiseAccuracy(group.Epsilon, group.Sensitivity).TypicalMin;
            if (group.Typical < needed)
                yield return $"The plan '{group.Plan}' needs typically {needed} in a cell, ten times the noise, and {group.Typical} are declared; choose longer cells.";
        }

        foreach (var group in Groups.Where(group => Sensitive && group.Plan.ToString() != ReleasePlan.Day.ToString()))
            yield return $"A sensitive space releases whole days only, and the plan is '{group.Plan}'.";
    }
}
