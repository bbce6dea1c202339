using System.Globalization;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.History;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.History;

/// <summary>A paragraph of the notice.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Text">Its text, without markup.</param>
internal sealed record NoticePart(string Heading, string Text);

/// <summary>
/// The public notice of a space, filled from what is promised and what was spent. Numbers come from the terms in force; what only the operator can say
/// comes from the site, and is said to be missing where it is.
/// </summary>
internal static class NoticeText
{
    private static readonly string[] Refusals = ["refused", "budget-spent", "terms-changed", "stream-elsewhere"];

    /// <summary>Writes it.</summary>
    /// <param name="space">The space.</param>
    /// <param name="report">What is promised for today, what takes effect later, and days of which anything is out.</param>
    /// <param name="today">The current day of the space.</param>
    public static IReadOnlyList<NoticePart> Of(PublicSpace space, PrivacyReport report, DateOnly today)
    {
        var (notice, terms, days) = (space.Notice, report.Terms, report.Days);
        return
        [
            new("What is counted", $"{Counting(space)} {Released(terms)} Pictures, faces, number plates and phone identifiers are not stored in this system. We do not listen to phones."),
            new("Who sees exact numbers?", $"Only {notice.ControlRoom ?? "the control room (its name is missing here)"}: live, with the course of the last {Hours(RecentStrip.Step * RecentStrip.StepsMax)} at most, and totals of a day until the end of the next; and in alarms. An alarm keeps the value that raised it and the highest one until {Some((long)Alarm.KeptFor.TotalDays, "day")} after it is over. What equipment reports waits on disk until it is added up, {Hours(TimeSpan.FromMinutes(AcceptedMessage.KeptMinutesMax))} at most; no page shows it. Who signs in and what they change is logged."),
            new("What is kept?", terms is null ? $"Of this space no numbers are released today, and exact ones are kept no longer than said above. If numbers with noise were released earlier, they stay. {HowLong(report.KeptDays)}" : $"{Kept(terms)} {HowLong(report.KeptDays)}"),
            .. terms is null ? Array.Empty<NoticePart>() : [new("What this means for you", Meaning(terms, days, today))],
            .. report.Next is null ? Array.Empty<NoticePart>() : [new("What changes", Change(report.Next))],
            new("What it does not do", terms is null ? "It does not apply to what officers see live." : "It does not hide large groups. If you come every day for months, a very well informed person could learn your routine. It does not apply to what officers see live. Whoever crosses more often than the bound is protected less, in proportion. Spaces add up: in two of them on one day the odds can change by both factors."),
            new("Your rights", $"We cannot recognise you in these numbers, so we cannot look up or delete \"your\" data. Questions and objections: {Said(notice.Contact)}. Supervisory authority: {Said(notice.Authority)}. Impact assessment: {Said(notice.Assessment)}. Changes and mistakes: {Said(notice.Changes)}."),
        ];
    }

    /// <summary>Factor by which one person's whole day can change the odds of anything published: e to the epsilon.</summary>
    public static double FactorOfDay(PrivacyTerms terms) => Math.Exp(terms.EpsilonMicro / 1_000_000.0);

    /// <summary>The same for a single crossing: e to the epsilon of passages over their bound; null where people in zones are released too, since who crosses is counted there as well.</summary>
    public static double? FactorOfCrossing(PrivacyTerms terms) => terms.Groups is [{ Kind: HistoryKind.Flow } flow] ? Math.Exp(flow.EpsilonMicro / 1_000_000.0 / flow.Bound) : null;

    /// <summary>Cells of the current month that were refused a number.</summary>
    public static int RefusedInMonth(IEnumerable<PrivacyDay> days, DateOnly today) =>
        days.Where(day => day.Day.Year == today.Year && day.Day.Month == today.Month).Sum(day => Refusals.Sum(reason => day.Without.GetValueOrDefault(reason)));

    private static string Kept(PrivacyTerms terms)
    {
        var said = terms.Groups.Select(group => string.Create(
            CultureInfo.InvariantCulture,
            $"For each of them and {(group.Kind == HistoryKind.Flow ? "each direction of a line one number is kept" : "each zone one number of person-minutes is kept (how many people were there, added up minute by minute)")} to which random noise was added on purpose: typically off by {group.MeanError:0.#}, 19 times in 20 by no more than {group.Err95}. Numbers of one cell below {group.LeastShown} are not shown."));
        return $"The day is cut into cells: {Cells(terms.Plan)}. {string.Join(" ", said)} The noise is drawn once and never again; the exact number is then erased.";
    }

    private static string HowLong(int days) =>
        $"The numbers with noise are kept for at least {Some(days, "day")}: those of a month until its last day is older. Then only the sum of the month is kept.";

    // "00:00 whole, 06:00 15 min" in words.
    private static string Cells(string plan)
    {
        var spans = plan.Split(", ").Select(span => span.Split(' ', 2)).ToList();
        return string.Join("; ", spans.Select((span, i) => span[1] == "whole" && spans.Count == 1
            ? "one for the whole day"
            : $"from {span[0]} to {(i + 1 < spans.Count ? spans[i + 1][0] : "24:00")} {(span[1] == "whole" ? "one" : $"one for every {span[1].Replace(" min", " minutes", StringComparison.Ordinal)}")}"));
    }

    private static string Change(NextTerms next)
    {
        var from = next.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return next.Terms is not { } terms
            ? $"From {from} on no numbers of this space are released; what was released before stays as said above."
            : string.Create(CultureInfo.InvariantCulture, $"Other terms hold from {from} on. {Kept(terms)} Your presence can then change the odds of anything we publish by at most {Factors(terms)}.");
    }

    private static string Meaning(PrivacyTerms terms, IReadOnlyList<PrivacyDay> days, DateOnly today)
    {
        var spent = days.Where(day => day.Day == today).Sum(day => day.SpentMicro);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Whether or not you were here on a given day, the published numbers look almost the same: your presence can change the odds of anything we publish by at most {Factors(terms)}. (epsilon = {terms.EpsilonMicro / 1_000_000.0:0.######} per day and space; today used: {spent / 1_000_000.0:0.######}; numbers refused this month: {RefusedInMonth(days, today)})");
    }

    private static string Factors(PrivacyTerms terms)
    {
        var bounds = string.Join(" and ", terms.Groups.Select(group => group.Kind == HistoryKind.Flow ? Some(group.Bound, "crossing") : $"{Some(group.Bound, "minute")} in which you are counted, each zone for itself"));
        var single = FactorOfCrossing(terms) is { } factor ? string.Create(CultureInfo.InvariantCulture, $", or {factor:0.00} for a single crossing") : "";
        return string.Create(CultureInfo.InvariantCulture, $"a factor of {FactorOfDay(terms):0.00} for a whole day (up to {bounds}){single}");
    }

    private static string Some(long number, string of) => string.Create(CultureInfo.InvariantCulture, $"{number} {of}{(number == 1 ? "" : "s")}");

    private static string Hours(TimeSpan time) => Some((long)time.TotalHours, "hour");

    // What the equipment of the site counts now, whether or not anything of it is released.
    private static string Counting(PublicSpace space)
    {
        var lines = Subjects(space, ChannelSubject.Passages);
        var zones = Subjects(space, ChannelSubject.People);
        if (Words(lines.Count, zones.Count) is not { } counted)
            return $"Nobody is counted at {space.Name} at present: no equipment there counts people.";
        var balanced = space.Zones.Count(zone => !zones.Contains(zone.Id) && space.Lines.Any(line => lines.Contains(line.Id) && (line.From == zone.Id || line.To == zone.Id)));
        var balance = balanced == 0 ? "" : $" From the passages we work out how many people are in {Some(balanced, "zone")}.";
        return $"We count {counted} at {space.Name}{Purpose(space.Notice)}. Counting is done by {Sensors(space)}.{balance}";
    }

    private static string Released(PrivacyTerms? terms)
    {
        var lines = terms?.Of(HistoryKind.Flow)?.Series.Count(series => series.EndsWith(ReleasedLine.In(""), StringComparison.Ordinal)) ?? 0;
        var zones = terms?.Of(HistoryKind.Presence)?.Series.Count ?? 0;
        return Words(lines, zones) is { } released ? $"Of today's numbers those of {released} are published, with noise; no others." : "Of today's numbers none is published.";
    }

    private static HashSet<string> Subjects(PublicSpace space, ChannelSubject observed) =>
        [.. space.Devices.SelectMany(device => device.Channels).Where(channel => channel.Observes == observed).Select(channel => channel.Subject)];

    private static string? Words(int lines, int zones) => (lines, zones) switch
    {
        (0, 0) => null,
        (_, 0) => $"passages over {Lines(lines)}",
        (0, _) => $"the people in {Some(zones, "zone")}",
        _ => $"passages over {Lines(lines)} and the people in {Some(zones, "zone")}",
    };

    private static string Lines(int lines) => lines == 1 ? "one line" : Some(lines, "line");

    private static string Purpose(SpaceNotice notice) => notice.Purpose is { } purpose ? $" so that {purpose.TrimEnd('.')}" : " (the purpose is missing here: the operator has not stated it)";

    private static string Sensors(PublicSpace space)
    {
        var kinds = space.Devices.Where(device => device.Channels.Any(channel => channel.Observes is ChannelSubject.Passages or ChannelSubject.People)).Select(device => device.Kind).Distinct().Select(Word).ToList();
        return string.Join(" and ", kinds);
    }

    private static string Word(DeviceKind kind) => kind switch
    {
        DeviceKind.Counter => "counters",
        DeviceKind.CountingCamera => "counting cameras",
        _ => "other equipment",
    };

    private static string Said(string? text) => text ?? "missing here (the operator has not stated it)";
}
