using System.Globalization;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>The hub as a replay sees it: takes messages and moves its clock, and may be away for a while.</summary>
internal sealed class ReplayHub(IMessageLink link, ReplayClock clock, ReplayTarget target, TimeProvider time, ReplayProgress progress)
{
    private readonly Backoff _backoff = new(new Random(target.Seed));
    private bool _wasIn;
    private long _accepted;
    private long _refused;
    private long _resent;
    private string? _firstRefusal;

    /// <summary>What was done so far.</summary>
    /// <param name="bins">Bins played.</param>
    /// <param name="clockAt">Where the clock was left.</param>
    public ReplayResult Result(int bins, DateTimeOffset? clockAt) => new(bins, _accepted + _refused, _accepted, _refused, _resent, _firstRefusal, clockAt);

    /// <summary>Moves the clock, however often it takes.</summary>
    public Task MoveClockAsync(DateTimeOffset to, CancellationToken cancellation) => PersistAsync(0, () => clock.MoveToAsync(to, cancellation), cancellation);

    /// <summary>Sends what falls before an instant and moves the clock there, however often it takes.</summary>
    public async Task PlayAsync(DateTimeOffset end, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        var refused = 0;
        await PersistAsync(
            messages.Count,
            async () =>
            {
                refused = await PublishAsync(messages, cancellation);
                await clock.MoveToAsync(end, cancellation);
            },
            cancellation);
        _refused += refused;
        _accepted += messages.Count - refused;
    }

    private async Task PersistAsync(int messages, Func<Task> act, CancellationToken cancellation)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            try
            {
                await act();
                _backoff.Reset();
                return;
            }
            catch (LinkLostException away) when (time.GetElapsedTime(startedAt) < target.GiveUpAfter)
            {
                _resent += messages;
                progress.Waiting(away.Message);
                await link.DropAsync();
            }
            catch (LinkRefusedException refused) when (_wasIn && time.GetElapsedTime(startedAt) < target.GiveUpAfter)
            {
                // It knew us before: a hub that is starting may not know its connections yet.
                progress.Waiting(refused.Message);
            }
            catch (LinkLostException away)
            {
                throw new HubAwayException($"the hub has not answered for {target.GiveUpAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s ({away.Message}): see whether it runs");
            }
            catch (LinkRefusedException refused)
            {
                throw new HubRefusedException($"MQTT at {target.Mqtt} does not let '{target.User}' in ({refused.Message}): check --user and MONITORING_MQTT_PASSWORD");
            }

            await Task.Delay(_backoff.Next(), time, cancellation);
        }
    }

    private async Task<int> PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation)
    {
        await link.ConnectAsync(cancellation);
        _wasIn = true;
        var window = new SemaphoreSlim(Math.Min(target.InFlightMax, link.ReceiveMaximum));
        var answers = new List<Task<PublishFate>>(messages.Count);
        foreach (var message in messages)
        {
            await window.WaitAsync(cancellation);
            answers.Add(PublishAsync(message, window, cancellation));
        }

        var fates = await Task.WhenAll(answers);
        _firstRefusal ??= Array.Find(fates, fate => fate.Answer == PublishAnswer.Refused).Reason;
        var later = Array.Find(fates, fate => fate.Answer == PublishAnswer.Later);
        return later.Answer == PublishAnswer.Later
            ? throw new LinkLostException($"the hub is busy: {later.Reason}")
            : fates.Count(fate => fate.Answer == PublishAnswer.Refused);
    }

    private async Task<PublishFate> PublishAsync(OutgoingMessage message, SemaphoreSlim window, CancellationToken cancellation)
    {
        try
        {
            return await link.PublishAsync(message, cancellation);
        }
        finally
        {
            window.Release();
        }
    }
}

/// <summary>Where a replay goes, and how patient it is.</summary>
/// <param name="Mqtt">The hub's MQTT listener.</param>
/// <param name="User">Who signs in, for messages.</param>
/// <param name="InFlightMax">Most unacknowledged messages at a time.</param>
/// <param name="GiveUpAfter">How long the hub may be away before the replay ends.</param>
/// <param name="Seed">Seed of the chance in waiting times.</param>
internal sealed record ReplayTarget(MqttEndpoint Mqtt, string User, int InFlightMax, TimeSpan GiveUpAfter, int Seed);
