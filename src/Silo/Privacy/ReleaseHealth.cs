using System.Globalization;
using Monitoring.Domain;

namespace Monitoring.Silo.Privacy;

/// <summary>How releases are, for health checks.</summary>
public sealed class ReleaseHealth
{
    // A day that had begun when the ledger was put back is over by then, in every zone.
    private static readonly TimeSpan LongestDay = TimeSpan.FromHours(25);

    private readonly ReleaseQueue _queue;
    private readonly ReleaseStore _ledger;
    private readonly HeadWatch _heads;
    private readonly HubClock _clock;

    internal ReleaseHealth(ReleaseQueue queue, ReleaseStore ledger, HeadWatch heads, HubClock clock) => (_queue, _ledger, _heads, _clock) = (queue, ledger, heads, clock);

    /// <summary>What a person should see to, for people. Without what went wrong, and without spaces: whoever asks has not signed in.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new List<string>();
            if (_queue.SpacesAway > 0)
                warnings.Add("releases: the ledger is not written; what waits for it longer than six hours has no number; the log says why");
            if (_clock.Kind == ClockKind.Wall && _ledger.DrawsNothingBefore is var before && before > _clock.Wall.GetUtcNow() - LongestDay)
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"releases: the ledger was put back; of days that began before {before.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} nothing more is released"));
            if (_heads.NeedsPerson)
                warnings.Add("releases: how far the ledger had come cannot be read in InfluxDB, so a data folder that is put back is not noticed; the log says why");
            return warnings;
        }
    }
}
