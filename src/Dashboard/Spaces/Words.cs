using System.Globalization;
using Monitoring.Domain.Crowd;
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
        [QualityReason.NotAnchored] = "Counted from 0, never matched with a known number",
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

    /// <summary>A reason as a sentence, with numbers where there are some.</summary>
    public static string Reason(string reason, Coverage coverage)
    {
        ArgumentNullException.ThrowIfNull(coverage);
        return reason == QualityReason.SourcesSilent
            ? $"{coverage.Total - coverage.Alive} of {coverage.Total} sources silent"
            : Reasons.GetValueOrDefault(reason, reason);
    }

    /// <summary>The state of a barrier line in a word.</summary>
    public static string Word(this BarrierLineState state) => state switch
    {
        BarrierLineState.Closed => "closed",
        BarrierLineState.Open => "open",
        BarrierLineState.Partly => "partly open",
        _ => "unknown",
    };
}
