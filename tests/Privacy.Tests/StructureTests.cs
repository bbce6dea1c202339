using System.Reflection;
using System.Runtime.CompilerServices;

namespace Monitoring.Privacy.Tests;

/// <summary>What no statistics can see: that there is no floating point, no overflow without an exception, and no way to the noise from outside.</summary>
public sealed class StructureTests
{
    private static readonly Assembly Product = typeof(ReleaseMechanism).Assembly;

    private static readonly Type[] Chance = [typeof(IExactRandom), typeof(OperatingSystemRandom), typeof(DiscreteLaplace), typeof(NoiseRate)];

    [Fact]
    public void T09_No_floating_point_no_decimal_no_Math_and_no_Random_is_compiled_in() =>
        Assert.Empty(IlScan.FloatingPointAndChance(Product, _ => true));

    [Fact]
    public void T09_No_sum_is_made_without_looking_at_an_overflow()
    {
        Type[] exact = [typeof(Epsilon), typeof(Sensitivity), typeof(NoiseRate), typeof(OperatingSystemRandom), typeof(DiscreteLaplace), typeof(Ledger), typeof(ReleaseMechanism)];
        Assert.Empty(IlScan.UncheckedSums(Product, exact.Select(type => type.Name).Contains));
    }

    [Fact]
    public void That_rule_sees_one_that_is() =>
        Assert.Contains("AllBranches.Answer: add", IlScan.UncheckedSums(typeof(AllBranches).Assembly, type => type == nameof(AllBranches)));

    [Fact]
    public void T09_Sampler_and_chance_are_sealed_and_not_public() => Assert.All(Chance, type => Assert.True(!type.IsVisible && (type.IsSealed || type.IsInterface), type.Name));

    [Fact]
    public void T09_Nothing_public_takes_or_gives_chance_or_noise()
    {
        var named = Product.GetExportedTypes().SelectMany(Signatures).ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, Chance.Contains);
        Assert.DoesNotContain(named, type => typeof(Delegate).IsAssignableFrom(type));
        Assert.DoesNotContain(Product.GetExportedTypes(), type => type.Name.Contains("Random", StringComparison.Ordinal) || type.Name.Contains("Laplace", StringComparison.Ordinal));
    }

    [Fact]
    public void T09_The_public_way_to_a_release_makes_its_own_chance()
    {
        var made = Product.GetTypes().SelectMany(type => type.GetInterfaces().Contains(typeof(IExactRandom)) ? [type] : Type.EmptyTypes);
        Assert.Equal(typeof(OperatingSystemRandom), Assert.Single(made));
        var release = Assert.Single(typeof(ReleaseMechanism).GetMethods(BindingFlags.Public | BindingFlags.Static));
        Assert.Equal([typeof(IReleaseBook), typeof(ReleaseDay), typeof(SealedCell)], release.GetParameters().Select(parameter => parameter.ParameterType));
    }

    [Fact]
    public void T09_Nothing_static_can_be_exchanged() =>
        Assert.DoesNotContain(
            Product.GetTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)),
            field => !field.IsInitOnly && !field.IsLiteral && !field.DeclaringType!.IsDefined(typeof(CompilerGeneratedAttribute)));

    [Fact]
    public void T09_Only_these_tests_see_inside() =>
        Assert.Equal("Monitoring.Privacy.Tests", Assert.Single(Product.GetCustomAttributes<InternalsVisibleToAttribute>()).AssemblyName);

    [Fact]
    public void T09_Only_the_runtime_is_needed() => Assert.All(Product.GetReferencedAssemblies(), name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));

    private static IEnumerable<Type> Signatures(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).SelectMany(member => member switch
        {
            MethodBase method => method.GetParameters().Select(parameter => parameter.ParameterType).Append((method as MethodInfo)?.ReturnType ?? typeof(void)),
            FieldInfo field => [field.FieldType],
            _ => Type.EmptyTypes,
        });
}
