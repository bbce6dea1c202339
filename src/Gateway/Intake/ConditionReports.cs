using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;

namespace Monitoring.Gateway.Intake;

/// <summary>Tells the silo what holds at this gateway: at once when it changes, and again and again.</summary>
internal sealed class ConditionReports(IntakeConditions conditions, IngestJournal journal, IGrainFactory grains, IOptions<GatewayOptions> options, HubClock clock) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        (IReadOnlyList<IntakeCondition> Holds, IReadOnlyList<string> Unknown) told = ([], []);
        long? toldAt = null;
        using var timer = new PeriodicTimer(LookEvery, clock.Wall);
        do
        {
            var (now, unknown) = (conditions.Now(), conditions.Unknown());
            if (toldAt is { } at && now.SequenceEqual(told.Holds) && unknown.SequenceEqual(told.Unknown) && clock.Wall.GetElapsedTime(at) < IntakeLinks.RenewEvery)
                continue;
            try
            {
                await grains.GetGrain<IIntakeAlarmsGrain>(0).ReportAsync(options.Value.Name, journal.Id, now, unknown);
                (told, toldAt) = ((now, unknown), clock.Wall.GetTimestamp());
            }
#pragma warning disable CA1031 // The silo is away, which LinkKeeper says; it is told of what holds as soon as it is back.
            catch (Exception)
#pragma warning restore CA1031
            {
                toldAt = null;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
