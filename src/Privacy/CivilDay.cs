namespace Monitoring.Privacy;

/// <summary>A day of the calendar in a time zone as a half-open interval of UTC. In Brussels 23, 24 or 25 hours long. Days follow each other without gap or overlap.</summary>
public sealed class CivilDay
{
    private readonly TimeZoneInfo _zone;

    private CivilDay(DateOnly date, TimeZoneInfo zone)
    {
        (Date, _zone) = (date, zone);
        From = InstantOf(0);
        To = InstantOf(24 * 60);
    }

    /// <summary>The date.</summary>
    public DateOnly Date { get; }

    /// <summary>UTC start, included.</summary>
    public DateTimeOffset From { get; }

    /// <summary>UTC end, excluded: the start of the next day.</summary>
    public DateTimeOffset To { get; }

    /// <summary>The day of a date.</summary>
    /// <param name="date">The date.</param>
    /// <param name="zone">The space's time zone.</param>
    public static CivilDay Of(DateOnly date, TimeZoneInfo zone) => new(date, zone);

    /// <summary>The day in which an instant lies.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="zone">The space's time zone.</param>
    public static CivilDay At(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var day = Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime), zone);
        // Clocks that go back over midnight show the old date again after the new day has begun.
        return instant >= day.To ? Of(day.Date.AddDays(1), zone) : instant < day.From ? Of(day.Date.AddDays(-1), zone) : day;
    }

    /// <summary>The instant at which clocks of the zone first show a time of this day, or the first instant after it if they skip it.</summary>
    /// <param name="minute">Minutes since 00:00 by the clock on the wall, 0 to 1,440.</param>
    internal DateTimeOffset InstantOf(int minute)
    {
        var local = Date.ToDateTime(TimeOnly.MinValue) + new TimeSpan(0, minute, 0);
        while (_zone.IsInvalidTime(local))
            local += new TimeSpan(0, 1, 0);
        var offset = _zone.IsAmbiguousTime(local) ? _zone.GetAmbiguousTimeOffsets(local).Max() : _zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
