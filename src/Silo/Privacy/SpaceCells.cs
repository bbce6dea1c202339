using Monitoring.Contracts.Privacy;
using Monitoring.Domain;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;

namespace Monitoring.Silo.Privacy;

/// <summary>The cells of one space between counting and release: which passage falls into which, and when nothing is added to one any more.</summary>
/// <remarks>
/// Nothing here looks at a count to decide. The terms of a day are taken over before it begins and hold for all of it. A cell is sealed when its device
/// vouches for time up to its end, or six hours after; a device that does not vouch for the whole of a cell leaves it without a number.
/// </remarks>
internal sealed class SpaceCells : ICellPlan
{
    /// <summary>Most cells sealed in one look, and most that wait for their release at once; the rest follows when these are stored.</summary>
    public const int SealedMax = 2_000;

    /// <summary>Most days that are made up for after the hub was away. After more it begins anew: of the days between nothing is released, not even that there is no number.</summary>
    public const int DaysMissedMax = 31;

    /// <summary>Before this a day's terms are taken over on the wall clock.</summary>
    public static readonly TimeSpan AheadOnWallClock = TimeSpan.FromHours(1);

    /// <summary>The same on a replay, whose readings come before the clock.</summary>
    public static readonly TimeSpan AheadOnReplay = TimeSpan.FromHours(26);

    private readonly Dictionary<DateOnly, PinnedDay> _days = [];
    private readonly string _space;
    private readonly SpaceState _state;

    /// <summary>The cells of a space.</summary>
    /// <param name="space">Id of the space.</param>
    /// <param name="state">What it remembers; changed in place.</param>
    public SpaceCells(string space, SpaceState state)
    {
        (_space, _state) = (space, state);
        Read();
    }

    /// <summary>How long before a day begins its terms are taken over.</summary>
    /// <param name="clock">What moves the hub's clock.</param>
    public static TimeSpan AheadOn(ClockKind clock) => clock == ClockKind.Wall ? AheadOnWallClock : AheadOnReplay;

    /// <inheritdoc/>
    public DateTimeOffset? CellOf(string line, DateTimeOffset instant) =>
        DayAt(instant) is { } day && day.Lines.Contains(line) ? day.Release.CellAt(ReleaseKind.Flow, instant)?.From : null;

    /// <inheritdoc/>
    public DateTimeOffset? PresenceCellOf(string zone, string device, DateTimeOffset instant) =>
        DayAt(instant) is { } day && day.Terms.Zones.Any(known => known.Zone == zone && known.Device == device) ? day.Release.CellAt(ReleaseKind.Presence, instant)?.From : null;

    /// <summary>What is promised for a day; null for one of which nothing is released, or of which everything is.</summary>
    /// <param name="day">The local day.</param>
    public ReleaseDay? TermsOf(DateOnly day) => _days.GetValueOrDefault(day)?.Release;

    /// <summary>Takes the terms of days over that have begun or begin soon, and lets go of those that are all released.</summary>
    /// <param name="space">The space as the site describes it.</param>
    /// <param name="siteVersion">Version of the site.</param>
    /// <param name="now">The current instant.</param>
    /// <param name="ahead">How long before a day begins its terms are taken over: as far as stamps may lie ahead of the clock.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Pin(PublicSpace space, int siteVersion, DateTimeOffset now, TimeSpan ahead)
    {
        var progress = _state.Releases;
        var today = CivilDay.At(now, space.TimeZone).Date;
        var last = CivilDay.At(now + ahead, space.TimeZone).Date;
        var first = progress.DaysTo?.AddDays(1) ?? DateOnly.MinValue;
        if (first < today.AddDays(-DaysMissedMax))
            first = CivilDay.At(now - LineState.OpenFor, space.TimeZone).Date;
        var changed = false;
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            (progress.Days[day], progress.DaysTo, changed) = (SpaceTerms.Now(space, siteVersion), day, true);
            Begin(day, CivilDay.Of(day, space.TimeZone).From);
        }

        Read();
        foreach (var over in progress.Days.Keys.Where(day => day < today && IsOver(day)).ToList())
        {
            progress.Days.Remove(over);
            _days.Remove(over);
            changed = true;
        }

        return changed;
    }

    /// <summary>Seals the cells that are due.</summary>
    /// <param name="now">The current instant.</param>
    /// <returns>Whether any was sealed.</returns>
    public bool Seal(DateTimeOffset now)
    {
        var before = _state.Releases.LastSealed;
        ForgetUnreleased(now);
        foreach (var (_, day) in _days.OrderBy(day => day.Key))
        {
            foreach (var line in day.Terms.Lines)
                Seal(day, line, now);
            foreach (var zone in day.Terms.Zones)
                Seal(day, zone, now);
        }

        return _state.Releases.LastSealed > before;
    }

    // What was counted before the first day of its releases has no cell.
    private void Begin(DateOnly day, DateTimeOffset from)
    {
        var (before, terms) = (_state.Releases.Days.GetValueOrDefault(day.AddDays(-1)), _state.Releases.Days[day]);
        foreach (var line in terms.Lines.Where(line => before?.Lines.Any(known => known.Line == line.Line) != true))
            LineOf(line.Line).SealUpTo(from);
        foreach (var zone in terms.Zones.Where(zone => before?.Zones.Any(known => known.Zone == zone.Zone) != true))
            PresenceOf(zone.Zone).SealUpTo(from);
    }

    private void Seal(PinnedDay day, ReleasedLine line, DateTimeOffset now)
    {
        var (memory, device) = (LineOf(line.Line), _state.Devices.GetValueOrDefault(line.Device));
        foreach (var cell in Due(day, ReleaseKind.Flow, terms => terms.Lines.Any(known => known.Line == line.Line), memory.SealedTo, now, cell => line.Lag is { } lag ? now >= cell.To + lag : device?.Heard.UpTo >= cell.To))
        {
            var tally = memory.Seal(cell.From, cell.To);
            var known = (line.Lag is not null && device?.ScheduleClockFaulty != true) || device?.Heard.Covers(cell.From, cell.To) == true;
            Add(day, line.SeriesIn, cell, known ? tally.In : null, line.Lag is not null);
            Add(day, line.SeriesOut, cell, known ? tally.Out : null, line.Lag is not null);
        }
    }

    private void Seal(PinnedDay day, ReleasedZone zone, DateTimeOffset now)
    {
        var (memory, device) = (PresenceOf(zone.Zone), _state.Devices.GetValueOrDefault(zone.Device));
        foreach (var cell in Due(day, ReleaseKind.Presence, terms => terms.Zones.Any(known => known.Zone == zone.Zone), memory.SealedTo, now, cell => memory.IsWhole(cell.From, cell.To) || memory.IsClosed(cell.To) || device?.Heard.UpTo >= cell.To))
        {
            var whole = memory.IsWhole(cell.From, cell.To);
            var personMinutes = memory.Seal(cell.From, cell.To);
            Add(day, zone.Series, cell, whole ? personMinutes : null, unconfirmed: false);
        }
    }

    // In order, and none before those in front of it, of an earlier day too: with midnight another device may be the one that vouches.
    private IEnumerable<Cell> Due(PinnedDay day, ReleaseKind kind, Func<DayTerms, bool> has, DateTimeOffset sealedTo, DateTimeOffset now, Func<Cell, bool> isVouched)
    {
        if (_days.Values.Any(before => before.Release.Day.Date < day.Release.Day.Date && sealedTo < before.Release.Day.To && has(before.Terms)))
            yield break;
        foreach (var cell in day.Release.CellsOf(kind).Where(cell => cell.From >= sealedTo))
        {
            if (_state.Releases.Sealed.Count >= SealedMax || now < cell.To + ReleaseTick.Grace || (now < cell.To + LineState.OpenFor && !isVouched(cell)))
                yield break;
            yield return cell;
        }
    }

    private void Add(PinnedDay day, string series, Cell cell, long? count, bool unconfirmed)
    {
        var number = ++_state.Releases.LastSealed;
        _state.Releases.Sealed.Add(new SealedCount(number, day.Release.Day.Date, series, cell.From, cell.To, count ?? 0, count is null ? 0 : 1, 1, unconfirmed));
    }

    // What still waits for its release six hours after its end, because the ledger cannot be written, loses its true number; the cell then has none.
    private void ForgetUnreleased(DateTimeOffset now)
    {
        var waiting = _state.Releases.Sealed;
        for (var i = 0; i < waiting.Count; i++)
        {
            if (waiting[i].Alive > 0 && now >= waiting[i].To + LineState.OpenFor)
                waiting[i] = waiting[i] with { Count = 0, Alive = 0 };
        }
    }

    private bool IsOver(DateOnly day)
    {
        if (_state.Releases.Sealed.Exists(waiting => waiting.Day == day))
            return false;
        if (_days.GetValueOrDefault(day) is not { } pinned)
            return true;
        var end = pinned.Release.Day.To;
        return pinned.Terms.Lines.All(line => LineOf(line.Line).SealedTo >= end) && pinned.Terms.Zones.All(zone => PresenceOf(zone.Zone).SealedTo >= end);
    }

    private void Read()
    {
        foreach (var (day, terms) in _state.Releases.Days)
        {
            if (!_days.ContainsKey(day) && SpaceTerms.Of(_space, terms) is { } release)
                _days[day] = new PinnedDay(terms, release.On(day), [.. terms.Lines.Select(line => line.Line)]);
        }
    }

    private LineState LineOf(string id)
    {
        if (!_state.Lines.TryGetValue(id, out var line))
            _state.Lines[id] = line = new LineState();
        return line;
    }

    private PresenceCells PresenceOf(string zone)
    {
        if (!_state.Zones.TryGetValue(zone, out var known))
            _state.Zones[zone] = known = new ZoneState();
        return known.Presence;
    }

    private PinnedDay? DayAt(DateTimeOffset instant) => _days.Values.FirstOrDefault(day => day.Release.Day.From <= instant && instant < day.Release.Day.To);

    private sealed record PinnedDay(DayTerms Terms, ReleaseDay Release, HashSet<string> Lines);
}
