namespace Monitoring.Domain.Crowd;

/// <summary>What a space remembers of one zone: the signed estimate, its anchor, the level held while sources are silent.</summary>
/// <remarks>
/// People = last absolute reading plus what went in less what came out since. The estimate stays signed: counters err, mostly to
/// one side, and a clamp would turn that error into phantom people. Only what is shown is cut at 0.
/// </remarks>
public sealed class ZoneState
{
    /// <summary>Estimated people; may be negative, may have a fraction where a density was the anchor.</summary>
    public double Estimate { get; set; }

    /// <summary>Instant of the newest absolute reading; null while the zone is known only by its lines.</summary>
    public DateTimeOffset? AnchoredAt { get; set; }

    /// <summary>Newest absolute reading by source (<c>device/channel</c>), in people, carried forward by what has passed since.</summary>
    public Dictionary<string, AbsoluteCount> Absolutes { get; init; } = [];

    /// <summary>Worst level since the first source fell silent; null while all are alive.</summary>
    public LevelOfService? HeldLevel { get; set; }

    /// <summary>Level when a source was last alive; unknown before that.</summary>
    public LevelOfService LastLevel { get; set; }

    /// <summary>Person-minutes in cells that are not sealed, where the zone's presence is released.</summary>
    public PresenceCells Presence { get; init; } = new();

    /// <summary>Adds what passed over a line of the zone.</summary>
    /// <param name="people">People who came in less people who went out.</param>
    /// <param name="from">Start of the interval, or the instant of the event. What began before the anchor is taken to be in it.</param>
    public void Pass(long people, DateTimeOffset from)
    {
        if (AnchoredAt is null || from >= AnchoredAt)
            Estimate += people;
        foreach (var (source, absolute) in Absolutes)
        {
            if (from >= absolute.Time)
                Absolutes[source] = absolute with { People = absolute.People + people };
        }
    }

    /// <summary>Takes an absolute reading as the new anchor, unless it is older than the source's last.</summary>
    /// <param name="source">The source, <c>device/channel</c>.</param>
    /// <param name="people">People seen, 0 or more.</param>
    /// <param name="time">Instant of the reading.</param>
    /// <param name="freshFor">How old another source's reading may be and still count beside it.</param>
    /// <returns>Whether it was taken.</returns>
    public bool Anchor(string source, double people, DateTimeOffset time, TimeSpan freshFor)
    {
        if (Absolutes.TryGetValue(source, out var last) && time <= last.Time)
            return false;
        Absolutes[source] = new AbsoluteCount(people, time);
        if (AnchoredAt is { } anchor && time < anchor)
            return true;

        // Several sources of one zone each see all of it: the cautious one is believed.
        Estimate = Absolutes.Values.Where(absolute => time - absolute.Time <= freshFor).Max(absolute => absolute.People);
        AnchoredAt = time;
        return true;
    }

    /// <summary>Drops anchors that lie in the future: the hub's clock was ahead when they were taken. The estimate goes on without one.</summary>
    /// <param name="now">The current instant.</param>
    public void PutBack(DateTimeOffset now)
    {
        Presence.PutBack(now);
        if (AnchoredAt > now)
            AnchoredAt = null;
        foreach (var source in Absolutes.Where(absolute => absolute.Value.Time > now).Select(absolute => absolute.Key).ToList())
            Absolutes.Remove(source);
    }

    /// <summary>Works out what may be shown now.</summary>
    /// <param name="areaM2">Walkable area, over 0.</param>
    /// <param name="sourcesTotal">Sources that the site gives the zone.</param>
    /// <param name="sourcesAlive">How many of them are alive.</param>
    public ZoneFigures Look(double areaM2, int sourcesTotal, int sourcesAlive)
    {
        if (sourcesAlive == 0)
            return LookWithoutSources();
        var people = Math.Max(0, Estimate);
        var density = people / areaM2;
        var level = FruinScale.Of(density);
        HeldLevel = sourcesAlive == sourcesTotal ? null : HeldAtLeast(level);
        LastLevel = HeldLevel ?? level;
        return new ZoneFigures((int)Math.Round(people, MidpointRounding.AwayFromZero), density, LastLevel, LastLevel != level);
    }

    // Those that still report may only see people leave: the level may get worse, not better.
    private LevelOfService HeldAtLeast(LevelOfService level)
    {
        var before = HeldLevel ?? LastLevel;
        return before == LevelOfService.Unknown ? level : FruinScale.Worse(before, level);
    }

    private ZoneFigures LookWithoutSources()
    {
        if (LastLevel != LevelOfService.Unknown)
            HeldLevel ??= LastLevel;

        // E and F rank above unknown: to show unknown instead would look like an improvement.
        var shown = FruinScale.Worse(HeldLevel ?? LevelOfService.Unknown, LevelOfService.Unknown);
        return new ZoneFigures(null, null, shown, shown != LevelOfService.Unknown);
    }
}

/// <summary>An absolute reading in people.</summary>
/// <param name="People">People, 0 or more; a density times the walkable area.</param>
/// <param name="Time">UTC instant of the reading.</param>
public readonly record struct AbsoluteCount(double People, DateTimeOffset Time);

/// <summary>What may be shown of a zone.</summary>
/// <param name="People">Head count; null where it is not known.</param>
/// <param name="DensityPerM2">People per square metre; null where it is not known.</param>
/// <param name="Level">Level of service.</param>
/// <param name="LevelHeld">Whether the level is kept from before sources fell silent.</param>
public readonly record struct ZoneFigures(int? People, double? DensityPerM2, LevelOfService Level, bool LevelHeld);
