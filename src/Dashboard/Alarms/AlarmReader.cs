using System.Security.Claims;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Intake;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Alarms;

/// <summary>Alarms of spaces and of the way in, asked of those who own them.</summary>
internal sealed class AlarmReader(IGrainFactory grains)
{
    /// <summary>Alarms that are over in one answer, unless another number is asked for.</summary>
    public const int OverDefault = 100;

    /// <summary>Most alarms that are over in one answer, but for those of the last one's instant.</summary>
    public const int OverMax = 500;

    /// <summary>Alarms that are not over and that a person sees, most urgent first.</summary>
    /// <param name="user">The person.</param>
    /// <param name="spaces">The spaces asked for.</param>
    /// <param name="ofHub">Whether alarms of the hub itself, which are of no space, are asked for too.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IReadOnlyList<Alarm>> GetOpenAsync(ClaimsPrincipal user, IReadOnlyCollection<PublicSpace> spaces, bool ofHub, CancellationToken cancellation) =>
        [.. Alarm.MostUrgentFirst(await AskAsync(user, spaces, ofHub, space => space.GetAlarmsAsync(), intake => intake.GetOpenAsync(), cancellation))];

    /// <summary>Alarms that are over and that a person sees, newest first; at most <paramref name="max"/>, but for those that ended in the same instant as the last.</summary>
    public async Task<IReadOnlyList<Alarm>> GetOverAsync(ClaimsPrincipal user, IReadOnlyCollection<PublicSpace> spaces, bool ofHub, DateTimeOffset? before, int max, CancellationToken cancellation) =>
        Alarm.NewestOver(await AskAsync(user, spaces, ofHub, space => space.GetAlarmsOverAsync(before, max), intake => intake.GetOverAsync(before, max), cancellation), before, max);

    /// <summary>Alarms of a space that a person sees and that held or waited at some instant of a span, the newest first. What is over is kept for 30 days, and at most 2,000 of each who owns some.</summary>
    /// <param name="user">The person.</param>
    /// <param name="space">Their space.</param>
    /// <param name="from">UTC, included.</param>
    /// <param name="to">UTC, excluded.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IReadOnlyList<Alarm>> GetOfSpanAsync(ClaimsPrincipal user, PublicSpace space, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        // The open ones first: one that ends between the two questions is in both answers, and not in neither.
        var open = await GetOpenAsync(user, [space], ofHub: false, cancellation);
        var over = await GetOverAsync(user, [space], ofHub: false, before: null, max: int.MaxValue, cancellation);
        return [.. over.Concat(open).DistinctBy(alarm => alarm.Id).Where(alarm => BeganAt(alarm) < to && (alarm.ClosedAt is null || alarm.ClosedAt >= from)).OrderByDescending(BeganAt).ThenBy(alarm => alarm.Id, StringComparer.Ordinal)];
    }

    private static DateTimeOffset BeganAt(Alarm alarm) => alarm.Transitions.Count > 0 ? alarm.Transitions[0].At : alarm.RaisedAt;

    private async Task<IEnumerable<Alarm>> AskAsync(
        ClaimsPrincipal user,
        IReadOnlyCollection<PublicSpace> spaces,
        bool ofHub,
        Func<ISpaceGrain, Task<byte[]>> askSpace,
        Func<IIntakeAlarmsGrain, Task<byte[]>> askIntake,
        CancellationToken cancellation)
    {
        var wanted = spaces.Select(space => space.Id).ToHashSet(StringComparer.Ordinal);
        var lists = await Task.WhenAll(spaces.Select(space => askSpace(grains.GetGrain<ISpaceGrain>(space.Id))).Append(askIntake(grains.GetGrain<IIntakeAlarmsGrain>(0)))).WaitAsync(cancellation);
        return lists.SelectMany(list => Alarm.FromBytes(list)).Where(alarm => alarm.Space.Length == 0 ? ofHub : wanted.Contains(alarm.Space)).Where(user.SeesAlarm);
    }
}
