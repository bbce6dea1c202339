using System.Globalization;

namespace Monitoring.Dashboard.History;

/// <summary>The clock on the wall of a space: civil days of 23, 24 or 25 hours, and hours that come twice.</summary>
/// <param name="zone">Its time zone.</param>
public sealed class SpaceTime(TimeZoneInfo zone)
{
    /// <summary>First year that is taken.</summary>
    public const int YearFirst = 2001;

    /// <summary>Last year that is taken.</summary>
    public const int YearLast = 2199;

    private const string InputFormat = "yyyy-MM-dd'T'HH:mm";
    private static readonly string[] WallForms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"];
    private static readonly string[] InstantForms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"];
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>The zone.</summary>
    public TimeZoneInfo Zone => zone;

    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);

    public DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant).DateTime);

    /// <summary>The first instant of a civil day.</summary>
    public DateTimeOffset Start(DateOnly day) => Instant(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>The end of the hour in which an instant lies; the instant itself where it is a whole hour.</summary>
    public DateTimeOffset HourAfter(DateTimeOffset instant)
    {
        var local = Local(instant);
        var past = TimeSpan.FromTicks(local.DateTime.Ticks % TimeSpan.TicksPerHour);
        return past == TimeSpan.Zero ? instant : instant + TimeSpan.FromHours(1) - past;
    }

    /// <summary>The start of the next civil day.</summary>
    public DateTimeOffset DayAfter(DateTimeOffset instant) => Day(instant) is var day && Start(day) == instant ? instant : Start(day.AddDays(1));

    /// <summary>Hours of a civil day, 24 but where clocks change.</summary>
    public double HoursOf(DateOnly day) => (Start(day.AddDays(1)) - Start(day)).TotalHours;

    /// <summary>What a person or a link says: a time on the wall, or an instant with its offset.</summary>
    /// <returns>Null where it is neither, or in a year that is not taken.</returns>
    public DateTimeOffset? Parse(string? text)
    {
        if (IsWall(text, out var wall))
            return IsTaken(wall.Year) ? Instant(wall) : null;
        return IsInstant(text, out var at) && IsTaken(at.Year) ? at.ToUniversalTime() : null;
    }

    /// <summary>Whether a text says a time at all, of whatever year.</summary>
    public static bool Reads(string? text) => IsWall(text, out _) || IsInstant(text, out _);

    /// <summary>As a field for date and time holds it.</summary>
    public string Input(DateTimeOffset instant) => Local(instant).ToString(InputFormat, CultureInfo.InvariantCulture);

    /// <summary>Time of day; with its offset on days on which clocks change, where one time may come twice.</summary>
    public string Clock(DateTimeOffset instant)
    {
        var local = Local(instant);
        var clock = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        return HoursOf(DateOnly.FromDateTime(local.DateTime)) == 24 ? clock : $"{clock} {SiteTime.Zone(local)}";
    }

    /// <summary>Day and time of day.</summary>
    public string Label(DateTimeOffset instant) => $"{Local(instant).ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture)}, {Clock(instant)}";

    /// <summary>A span in words: the day is said again only where it is another.</summary>
    public string Span(DateTimeOffset from, DateTimeOffset to)
    {
        if (Day(from) == Day(to))
            return $"{Label(from)} to {Clock(to)}";
        if (Start(Day(to)) != to)
            return $"{Label(from)} to {Label(to)}";
        if (Start(Day(from)) != from)
            return $"{Label(from)} to midnight";
        var (first, last) = (Local(from), Local(to - TimeSpan.FromTicks(1)));
        return first.Date == last.Date ? $"{first.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture)}, all day" : $"{Label(from)} to {Label(to)}";
    }

    /// <summary>Minutes since midnight by the clock on the wall.</summary>
    public int Minute(DateTimeOffset instant) => (int)Local(instant).TimeOfDay.TotalMinutes;

    private static bool IsWall(string? text, out DateTime wall) => DateTime.TryParseExact(text, WallForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out wall);

    private static bool IsInstant(string? text, out DateTimeOffset at) => DateTimeOffset.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);

    private static bool IsTaken(int year) => year is >= YearFirst and <= YearLast;

    // A time that is skipped begins when clocks have gone on; of a time that comes twice the first is meant.
    private DateTimeOffset Instant(DateTime wall)
    {
        var at = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(at))
            at = new DateTime((at.Ticks / Quarter.Ticks + 1) * Quarter.Ticks);
        var offset = zone.IsAmbiguousTime(at) ? zone.GetAmbiguousTimeOffsets(at).Max() : zone.GetUtcOffset(at);
        return new DateTimeOffset(at, offset).ToUniversalTime();
    }
}
