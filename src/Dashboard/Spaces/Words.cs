using System.Globalization;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Perimeter;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>How the page says things: words for levels and reasons, numbers with their dash for unknown.</summary>
public static class Words
{
    /// <summary>What stands in the place of a number that is not known.</summary>
    public const string None = "—";

    // Thin space between thousands; a comma or a dot would mean a decimal to half of Europe.
    private static readonly NumberFormatInfo Numbers = new() { NumberGroupSeparator = "\u202f", NumberDecimalSeparator = ".", NegativeSign = "−" };

    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        [QualityReason.NeverHeard] = "No source has reported yet",
        [QualityReason.SourcesSilent] = "Sources are silent",
        [QualityReason.Overdue] = "Every source is overdue",
        [QualityReason.NotAnchored] = "Counted from 0, never verified",
        [QualityReason.NegativeEstimate] = "More people counted out than in: shown as 0",
        [QualityReason.LevelHeld] = "Level kept from before the silence",
        [QualityReason.ClockFaulty] = "The clock of a source is wrong",
        [QualityReason.NoSource] = "The site lists no source",
    };

    /// <summary>Levels, worst first.</summary>
    public static IReadOnlyList<LevelOfService> Levels { get; } = [.. Enum.GetValues<LevelOfService>().OrderByDescending(level => level.Severity())];

    /// <summary>A to F, or a question mark.</summary>
    public static string Letter(this LevelOfService level) => level == LevelOfService.Unknown ? "?" : level.ToString();

    /// <summary>One or two words for a level.</summary>
    public static string Word(this LevelOfService level) => level switch
    {
        LevelOfService.A => "Free",
        LevelOfService.B => "Light",
        LevelOfService.C => "Busy",
        LevelOfService.D => "Dense",
        LevelOfService.E => "Crowded",
        LevelOfService.F => "Critical",
        _ => "Unknown",
    };

    /// <summary>A whole number, or the dash.</summary>
    public static string Whole(long? value) => value?.ToString("N0", Numbers) ?? None;

    /// <summary>People per square metre with two digits, or the dash.</summary>
    public static string Density(double? perM2) => perM2?.ToString("N2", Numbers) ?? None;

    /// <summary>A rate without digits from 10 up, with one under it, or the dash.</summary>
    public static string Rate(double? value) => value?.ToString(Math.Abs(value.Value) >= 9.95 ? "N0" : "0.#", Numbers) ?? None;

    /// <summary>A share in whole per cent, or the dash.</summary>
    public static string Percent(double? share) => share is null ? None : $"{Math.Round(share.Value * 100).ToString("N0", Numbers)} %";

    /// <summary>A number as SVG spells it.</summary>
    public static string Svg(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A rate of change with its sign, or the dash.</summary>
    public static string Change(double? value) => value is > 0 ? "+" + Rate(value) : Rate(value);

    /// <summary>An age in the unit in which a person would say it, or the dash.</summary>
    public static string Age(double? seconds) => seconds switch
    {
        null => None,
        < 120 => $"{Math.Floor(seconds.Value).ToString(Numbers)} s",
        < 7_200 => $"{Math.Floor(seconds.Value / 60).ToString(Numbers)} min",
        _ => $"{Math.Floor(seconds.Value / 3_600).ToString("N0", Numbers)} h",
    };

    /// <summary>How long ago the oldest confirmation came, in seconds with one digit; the dash where it is not known, never the age of before.</summary>
    public static string Beat(DateTimeOffset? confirmedAt, DateTimeOffset now) =>
        confirmedAt is { } at ? $"{Math.Max(0, (now - at).TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture)} s" : None;

    /// <summary>A reason as a sentence, with numbers where there are some.</summary>
    public static string Reason(string reason, Coverage coverage)
    {
        ArgumentNullException.ThrowIfNull(coverage);
        return reason == QualityReason.SourcesSilent
            ? $"{coverage.Total - coverage.Alive} of {coverage.Total} sources silent"
            : Reasons.GetValueOrDefault(reason, reason);
    }

    /// <summary>Which way a rate of change goes; under half a person per minute it is steady.</summary>
    public static string Direction(double perMinute) => perMinute >= 0.5 ? "rising" : perMinute <= -0.5 ? "falling" : "steady";

    /// <summary>The arrow of a direction, in a box of 16.</summary>
    public static string Arrow(double perMinute) => Direction(perMinute) switch
    {
        "rising" => "M3 13 12.5 3.5M6 3h7v7",
        "falling" => "M3 3l9.5 9.5M6 13h7V6",
        _ => "M2 8h11M9 3.5 13.5 8 9 12.5",
    };

    /// <summary>The sign of a barrier line, in a box of 18 by 12: a bar with as much of it missing as is open or not known.</summary>
    public static string Bar(BarrierLineState state) => state switch
    {
        BarrierLineState.Closed => "M1 6h16",
        BarrierLineState.Open => "M1 6h3M14 6h3",
        BarrierLineState.Partly => "M1 6h6M13 6h4",
        _ => "M1 6h2M5 6h2M9 6h2M13 6h2",
    };

    /// <summary>Barrier lines with what lets a vehicle pass first, then what may, then what does not.</summary>
    public static IReadOnlyList<BarrierLineSnapshot> WorstFirst(IEnumerable<BarrierLineSnapshot> lines) =>
        [.. lines.OrderBy(line => line.State switch { BarrierLineState.Open => 0, BarrierLineState.Partly => 1, BarrierLineState.Unknown => 2, _ => 3 })];

    /// <summary>The state of a barrier line in a word.</summary>
    public static string Word(this BarrierLineState state) => state switch
    {
        BarrierLineState.Closed => "closed",
        BarrierLineState.Open => "open",
        BarrierLineState.Partly => "partly open",
        _ => "unknown",
    };

    /// <summary>The position of an element in a word.</summary>
    public static string Word(this ElementPosition position) => position switch
    {
        ElementPosition.Raised => "raised",
        ElementPosition.Lowered => "lowered",
        ElementPosition.Moving => "moving",
        ElementPosition.Fault => "fault",
        _ => "unknown",
    };

    /// <summary>The sign of an element's position, in a box of 16: standing, lying, between, crossed out, or only dots.</summary>
    public static string Sign(ElementPosition position) => position switch
    {
        ElementPosition.Raised => "M5 14V4.5a3 3 0 0 1 6 0V14z",
        ElementPosition.Lowered => "M2 13.5h12M5 13.5v-2h6v2",
        ElementPosition.Moving => "M5 14V8.5h6V14zM8 6.5v-5M5.5 4 8 1.5 10.5 4",
        ElementPosition.Fault => "M3 3l10 10M13 3 3 13",
        _ => "M8 2.5v1M8 7.5v1M8 12.5v1M3 5v1M3 10v1M13 5v1M13 10v1",
    };
}
