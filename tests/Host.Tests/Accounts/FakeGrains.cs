using System.Reflection;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>A grain factory that knows a few grains, told apart by their interface.</summary>
public class FakeGrains : DispatchProxy
{
    private object[] _grains = [];

    public static IGrainFactory Of(params object[] grains)
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory)._grains = grains;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _grains.First(targetMethod!.ReturnType.IsInstanceOfType);
}
