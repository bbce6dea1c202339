using System.Reflection;
using System.Reflection.Emit;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Who calls what in the hub's own compiled code, by type and method; what a compiler made of lambdas and of asynchronous methods stands under the method that a person wrote.</summary>
/// <remarks>Also who hands a method on as a delegate, and who touches a field. Not what is called by name at run time.</remarks>
internal sealed class CallGraph
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    private readonly ILookup<string, string> _callers;

    /// <summary>Reads assemblies.</summary>
    public CallGraph(IEnumerable<Assembly> assemblies) => _callers = assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        .SelectMany(method => Used(method).Select(used => (Used: NameOf(used), By: NameOf(method))))
        .Distinct()
        .Where(edge => edge.Used != edge.By)
        .ToLookup(edge => edge.Used, edge => edge.By);

    /// <summary>The hub and its roles, as they were built.</summary>
    public static CallGraph OfHub() => new(Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(Path.GetFileNameWithoutExtension)
        .Where(name => name == "monitoring" || (name!.StartsWith("Monitoring.", StringComparison.Ordinal) && !name.EndsWith("Tests", StringComparison.Ordinal) && name != "Monitoring.Harness"))
        .Select(name => Assembly.Load(name!)));

    /// <summary>Each step on a way that leads to a member: who, and whom they call.</summary>
    /// <param name="to">The member, as <c>Type.Method</c>.</param>
    /// <param name="from">Where a way is followed no further back.</param>
    public IEnumerable<string> WaysTo(string to, params string[] from)
    {
        var (known, next) = (new HashSet<string> { to }, new Queue<string>([to]));
        while (next.TryDequeue(out var used))
        {
            foreach (var by in _callers[used])
            {
                yield return $"{by} > {used}";
                if (!from.Contains(by) && known.Add(by))
                    next.Enqueue(by);
            }
        }
    }

    private static IEnumerable<MemberInfo> Used(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType!.GetGenericArguments();
        var ofMethod = method.IsGenericMethodDefinition ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length;)
        {
            int value = code[at++];
            if (value == 0xFE)
                value = 0xFE00 | code[at++];
            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField && method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod) is { DeclaringType.Assembly: var home } used && IsOurs(home))
                yield return used;
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static bool IsOurs(Assembly assembly) => assembly.GetName().Name is { } name && name.StartsWith("monitoring", StringComparison.OrdinalIgnoreCase);

    // A lambda stands in a nested type or beside its method, under <Method>b__0; an asynchronous method in a nested type <Method>d__0.
    private static string NameOf(MemberInfo member)
    {
        var (type, name) = (member.DeclaringType!, Written(member.Name) ?? Written(member.DeclaringType!.Name) ?? member.Name);
        while (type.DeclaringType is { } outer && type.Name.Contains('<', StringComparison.Ordinal))
            type = outer;
        var isLambda = member.Name.StartsWith('<') && member.Name.Contains(">b__", StringComparison.Ordinal);
        return $"{type.Name.Split('`')[0]}.{name}{(isLambda ? " (lambda)" : "")}";
    }

    private static string? Written(string name) => name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? name[..end].TrimStart('<') : null;
}
