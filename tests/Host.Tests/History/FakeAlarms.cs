using System.Reflection;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Alarms;

namespace Monitoring.Host.Tests.History;

/// <summary>An owner of alarms; nothing else of it answers.</summary>
public class FakeAlarms : DispatchProxy
{
    public List<Alarm> Open { get; } = [];

    public List<Alarm> Over { get; } = [];

    public static FakeAlarms Of<T>()
        where T : class => (FakeAlarms)(object)Create<T, FakeAlarms>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ISpaceGrain.GetAlarmsAsync) or "GetOpenAsync" => Task.FromResult(Alarm.ToBytes(Open)),
        nameof(ISpaceGrain.GetAlarmsOverAsync) or "GetOverAsync" => Task.FromResult(Alarm.ToBytes(Alarm.NewestOver(Over, (DateTimeOffset?)args![0], (int)args[1]!))),
        _ => throw new NotSupportedException(targetMethod.Name),
    };
}
