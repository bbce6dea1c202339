using System.Security.Claims;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Alarms;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Alarms;

/// <summary>Alarms of several spaces, asked of the spaces themselves.</summary>
internal sealed class AlarmReader(IGrainFactory grains)
{
    /// <summary>Alarms that are over in one answer, unless another number is asked for.</summary>
    public const int OverDefault = 100;

    /// <summary>Most alarms that are over in one answer, but for those of the last one's instant.</summary>
    public const int OverMax = 500;

    /// <summary>Alarms that are not over and that a person sees, most urgent first.</summary>
    public async Task<IReadOnlyList<Alarm>> GetOpenAsync(ClaimsPrincipal user, IEnumerable<PublicSpace> spaces, CancellationToken cancellation) =>
        [.. Alarm.MostUrgentFirst(await AskAsync(user, spaces, space => space.GetAlarmsAsync(), cancellation))];

    /// <summary>Alarms that are over and that a person sees, newest first; at most <paramref name="max"/>, but for those that ended in the same instant as the last.</summary>
    public async Task<IReadOnlyList<Alarm>> GetOverAsync(ClaimsPrincipal user, IEnumerable<PublicSpace> spaces, DateTimeOffset? before, int max, CancellationToken cancellation) =>
        Alarm.NewestOver(await AskAsync(user, spaces, space => space.GetAlarmsOverAsync(before, max), cancellation), before, max);

    private async Task<IEnumerable<Alarm>> AskAsync(ClaimsPrincipal user, IEnumerable<PublicSpace> spaces, Func<ISpaceGrain, Task<byte[]>> ask, CancellationToken cancellation)
    {
        var lists = await Task.WhenAll(spaces.Select(space => ask(grains.GetGrain<ISpaceGrain>(space.Id)))).WaitAsync(cancellation);
        return lists.SelectMany(list => Alarm.FromBytes(list)).Where(user.SeesAlarm);
    }
}
