using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Intake;
using Monitoring.Domain;
using Monitoring.Domain.Alarms;

namespace Monitoring.Dashboard.Intake;

/// <summary>The alarms of the way in, as last told; asked once a second for all screens of this process.</summary>
internal sealed class IntakeAlarmFeed(IGrainFactory grains, HubClock clock, IHostApplicationLifetime life, ILogger<IntakeAlarmFeed> log) : BackgroundService
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private Told _answer = new([], false);
    private bool _failing;

    /// <summary>Alarms that are not over, as last told; none before the first answer.</summary>
    public IReadOnlyList<Alarm> Alarms => Volatile.Read(ref _answer).Alarms;

    /// <summary>Whether the last question was answered: if not, the alarms are as last known, and none can be taken.</summary>
    public bool IsLive => Volatile.Read(ref _answer).IsLive;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A silo in the same process answers only once the host has started.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var starting = life.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(AskEvery, clock.Wall);
        do
        {
            await AskAsync(stoppingToken);
        }
        while (await timer.NextAsync(stoppingToken));
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await grains.GetGrain<IIntakeAlarmsGrain>(0).GetOpenAsync().WaitAsync(AnswerWithin, clock.Wall, cancellation);
            Volatile.Write(ref _answer, new Told(Alarm.FromBytes(answer), true));
            _failing = false;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process is stopping.
        }
#pragma warning disable CA1031 // Whatever kept it from answering: what was known stays, marked as old, and it is asked again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!_failing)
                log.IntakeAlarmsNotAsked(error.GetType().Name);
            _failing = true;
            Volatile.Write(ref _answer, _answer with { IsLive = false });
        }
    }

    private sealed record Told(IReadOnlyList<Alarm> Alarms, bool IsLive);
}

/// <summary>Log lines of alarms on screens.</summary>
internal static partial class AlarmFeedLog
{
    [LoggerMessage(3301, LogLevel.Warning, "The alarms of the way in are not answered ({Why}); screens show them as last known and it is asked again")]
    public static partial void IntakeAlarmsNotAsked(this ILogger log, string why);
}
