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
