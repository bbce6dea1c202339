using System.Globalization;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>How often faults strike: a few times in the short form; 200 kills in the long one, or as many as <c>MONITORING_KILLS</c> says.</summary>
internal static class KillPoints
{
    private const int OfShortForm = 12, OfLongForm = 200, MessagesToAKill = 1_500;

    /// <summary>All of them.</summary>
    public static int All { get; } = Environment.GetEnvironmentVariable("MONITORING_KILLS") is { Length: > 0 } text
        ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : RunSeed.IsLong ? OfLongForm : OfShortForm;

    /// <summary>Restart storms, of four kills each.</summary>
    public static int Storms => Math.Max(1, All / 50);

    /// <summary>Kills of the gateway, and as many of the silo.</summary>
    public static int OfRole => Math.Max(1, All / 4);

    /// <summary>Kills of the whole hub: the rest.</summary>
    public static int OfHub => Math.Max(1, All - (2 * OfRole) - (4 * Storms));

    /// <summary>How often any other fault strikes.</summary>
    public static int Few => Math.Max(1, All / 40);

    /// <summary>Messages of each gate, so that the fleet is still speaking at the last point.</summary>
    public static int MessagesOfEach => Math.Min(15_000, Math.Max(800, All * MessagesToAKill / 16));
}
