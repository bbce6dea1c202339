using System.Collections.Concurrent;
using System.Reflection;
using Monitoring.Contracts.Alarms;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;

namespace Monitoring.Gateway.Tests;

/// <summary>The silo's side in memory: a site, spaces that apply in order and forget what they had not saved when they crash.</summary>
internal sealed class FakeSilo
{
    public ConcurrentDictionary<string, FakeSpace> Spaces { get; } = new();

    /// <summary>Whether no call gets through.</summary>
    public volatile bool IsAway;

    public VersionedSite? Site { get; set; }

    public DateTimeOffset Clock { get; set; } = DateTimeOffset.UnixEpoch;

    public IGatewayLink? Link { get; set; }

    /// <summary>What the gateway said last that holds with it; null before it said anything.</summary>
    public IReadOnlyList<IntakeCondition>? Reported { get; set; }

    /// <summary>Of what it could not say anything.</summary>
    public IReadOnlyList<string> Unknown { get; set; } = [];

    public FakeSpace Space(string id) => Spaces.GetOrAdd(id, _ => new FakeSpace(this));

    public IGrainFactory Grains()
    {
        var grains = DispatchProxy.Create<IGrainFactory, Factory>();
        ((Factory)grains).Silo = this;
        return grains;
    }

    public void ThrowIfAway()
    {
        if (IsAway)
            throw new TimeoutException("The silo is away.");
    }

#pragma warning disable CA1852 // DispatchProxy derives from it at run time.
    public class Factory : DispatchProxy
#pragma warning restore CA1852
    {
        internal FakeSilo? Silo { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod switch
        {
            { Name: "CreateObjectReference" } => args![0],
            { Name: "GetGrain" } when targetMethod.ReturnType == typeof(ISpaceGrain) => Silo!.Space((string)args![0]!),
            { Name: "GetGrain" } when targetMethod.ReturnType == typeof(ISiteGrain) => new FakeSite(Silo!),
            { Name: "GetGrain" } when targetMethod.ReturnType == typeof(IIntakeGrain) => new FakeIntake(Silo!),
            { Name: "GetGrain" } when targetMethod.ReturnType == typeof(IIntakeAlarmsGrain) => new FakeIntakeAlarms(Silo!),
            _ => throw new NotSupportedException(targetMethod?.Name),
        };
    }

    private sealed class FakeSite(FakeSilo silo) : ISiteGrain
    {
        public Task<VersionedSite?> GetAsync()
        {
            silo.ThrowIfAway();
            return Task.FromResult(silo.Site);
        }

        public Task<int> GetVersionAsync()
        {
            silo.ThrowIfAway();
            return Task.FromResult(silo.Site?.Version ?? 0);
        }

        public Task<int> ImportAsync(SiteDocument document) => throw new NotSupportedException();

        public Task<int?> ReplaceAsync(int expected, SiteDocument document, string by) => throw new NotSupportedException();
    }

    private sealed class FakeIntakeAlarms(FakeSilo silo) : IIntakeAlarmsGrain
    {
        public Task ReportAsync(string gateway, Guid journal, IReadOnlyList<IntakeCondition> conditions, IReadOnlyList<string> unknown)
        {
            silo.ThrowIfAway();
            (silo.Reported, silo.Unknown) = (conditions, unknown);
            return Task.CompletedTask;
        }

        public Task<byte[]> GetOpenAsync() => throw new NotSupportedException("The gateway does not ask this.");

        public Task<byte[]> GetOverAsync(DateTimeOffset? before, int max) => throw new NotSupportedException("The gateway does not ask this.");

        public Task<AcknowledgeAnswer> AcknowledgeAsync(string alarm, string by, string note) => throw new NotSupportedException("The gateway does not ask this.");
    }

    private sealed class FakeIntake(FakeSilo silo) : IIntakeGrain
    {
        public Task<DateTimeOffset> RegisterAsync(string gateway, IGatewayLink link)
        {
            silo.ThrowIfAway();
            silo.Link = link;
            return Task.FromResult(silo.Clock);
        }

        public Task DrainAsync() => throw new NotSupportedException("The gateway does not ask this.");

        public Task MoveClocksAsync(DateTimeOffset now) => throw new NotSupportedException("The gateway does not ask this.");

        public Task<IntakeCounters> GetCountersAsync() => throw new NotSupportedException();

        public Task<IReadOnlyList<RejectedMessage>> GetRejectedAsync() => throw new NotSupportedException();

        public Task<IReadOnlyList<PendingDevice>> GetPendingAsync() => throw new NotSupportedException();
    }
}

internal sealed class FakeSpace(FakeSilo silo) : ISpaceGrain
{
    private readonly Lock _lock = new();
    private readonly List<JournaledMessage> _applied = [];
    private readonly List<JournaledMessage> _saved = [];

    /// <summary>Messages that count now, in the order of their application.</summary>
    public IReadOnlyList<JournaledMessage> Applied
    {
        get
        {
            lock (_lock)
                return [.. _applied];
        }
    }

    public void Save()
    {
        lock (_lock)
        {
            _saved.Clear();
            _saved.AddRange(_applied);
        }
    }

    /// <summary>Loses what was not saved.</summary>
    public void Crash()
    {
        lock (_lock)
        {
            _applied.Clear();
            _applied.AddRange(_saved);
        }
    }

    public Task<IngestReceipt> IngestAsync(ReadingBatch batch)
    {
        silo.ThrowIfAway();
        lock (_lock)
        {
            if (batch.After <= Last(_applied))
                _applied.AddRange(batch.Records.Where(record => record.Offset > Last(_applied)).ToList());
            return Task.FromResult(Receipt());
        }
    }

    public Task<IngestReceipt> GetCursorAsync(Guid journal)
    {
        silo.ThrowIfAway();
        lock (_lock)
            return Task.FromResult(Receipt());
    }

    public Task<SpaceUpdate> GetAsync() => throw new NotSupportedException();

    public IAsyncEnumerable<SpaceUpdate> WatchAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<byte[]> GetDevicesAsync() => throw new NotSupportedException();

    public Task<byte[]> GetRecentAsync() => throw new NotSupportedException();

    public Task<byte[]> GetTermsAsync() => throw new NotSupportedException();

    public Task<byte[]> GetAlarmsAsync() => throw new NotSupportedException();

    public Task<byte[]> GetAlarmsOverAsync(DateTimeOffset? before, int max) => throw new NotSupportedException();

    public Task<AcknowledgeAnswer> AcknowledgeAsync(string alarm, string by, string note) => throw new NotSupportedException();

    public Task<string?> ChangeThresholdAsync(ThresholdWish wish) => throw new NotSupportedException();

    public Task TickAsync() => throw new NotSupportedException();

    public Task ReloadSiteAsync() => throw new NotSupportedException();

    private IngestReceipt Receipt() => new(Last(_applied), Last(_saved), 0);

    private static long Last(List<JournaledMessage> messages) => messages.Count == 0 ? 0 : messages[^1].Offset;
}
