using System.CodeDom.Compiler;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Monitoring.Architecture.Tests;

/// <summary>What travels between processes: hubs of two versions meet during an upgrade, so that ids and aliases are kept for ever.</summary>
public sealed class WireTests
{
    private const string Golden = "tests/Architecture.Tests/wire.txt";

    private static readonly WireType[] Contracts = [.. Assembly.Load("Monitoring.Contracts").GetTypes()
        .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null && type.GetCustomAttribute<GeneratedCodeAttribute>() is null)
        .Select(WireType.Of)
        .OrderBy(type => type.Alias, StringComparer.Ordinal)];

    [Fact]
    public void What_travels_is_what_wire_txt_says()
    {
        var now = Describe(Contracts);
        if (Environment.GetEnvironmentVariable("MONITORING_WRITE_WIRE") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, Golden), now);
        Assert.True(
            Repository.Read(Golden) == now,
            $"The wire has changed. A hub of the last version cannot read a renumbered or retyped member: add members with new ids instead.\nIf the change is right: MONITORING_WRITE_WIRE=1 ./test --only unit, and commit {Golden}.\nNow:\n{now}");
    }

    [Theory]
    [InlineData(1, "A", "Int32")]
    [InlineData(0, "B", "Int32")]
    [InlineData(0, "A", "Int64")]
    public void A_renumbered_renamed_or_retyped_member_is_seen(int id, string name, string type) =>
        Assert.NotEqual(Describe([new("t", "T", [new(0, "A", "Int32")])]), Describe([new("t", "T", [new((uint)id, name, type)])]));

    [Fact]
    public void Everything_that_travels_has_an_alias_and_every_member_an_id_of_its_own()
    {
        Assert.NotEmpty(Contracts);
        Assert.Empty(Problems(Contracts));
    }

    [Fact]
    public void That_rule_sees_what_is_missing_or_twice() => Assert.Equal(
        ["NoAlias has no Alias", "alias one is given twice", "Twice has the id 0 twice", "Lacking: B has no Id"],
        Problems(
        [
            new("one", "Good", [new(0, "A", "Int32"), new(1, "B", "Int32")]),
            new(null, "NoAlias", []),
            new("one", "Again", []),
            new("two", "Twice", [new(0, "A", "Int32"), new(0, "B", "Int32")]),
            new("three", "Lacking", [new(0, "A", "Int32"), new(null, "B", "Int32")]),
        ]));

    private static IEnumerable<string> Problems(IEnumerable<WireType> types)
    {
        var aliases = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            if (type.Alias is not { } alias)
                yield return $"{type.Name} has no Alias";
            else if (!aliases.Add(alias))
                yield return $"alias {alias} is given twice";
            foreach (var twice in type.Members.Where(member => member.Id is not null).GroupBy(member => member.Id).Where(group => group.Count() > 1))
                yield return $"{type.Name} has the id {twice.Key} twice";
            foreach (var member in type.Members.Where(member => member.Id is null))
                yield return $"{type.Name}: {member.Name} has no Id";
        }
    }

    private static string Describe(IEnumerable<WireType> types)
    {
        var text = new StringBuilder();
        foreach (var type in types)
        {
            text.Append(type.Alias).Append('\n');
            foreach (var member in type.Members.OrderBy(member => member.Id))
                text.Append(CultureInfo.InvariantCulture, $"  {member.Id} {member.Name} {member.Type}\n");
        }

        return text.ToString();
    }
}

/// <summary>One member as it travels.</summary>
internal sealed record WireMember(uint? Id, string Name, string Type);

/// <summary>One type as it travels.</summary>
internal sealed record WireType(string? Alias, string Name, WireMember[] Members)
{
    public static WireType Of(Type type) => new(AliasOf(type), type.Name, [.. type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Where(property => property.CanWrite)
        .Select(property => new WireMember(property.GetCustomAttribute<IdAttribute>()?.Id, property.Name, NameOf(property.PropertyType)))]);

    private static string? AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias;

    private static string NameOf(Type type)
    {
        if (type.IsArray)
            return $"{NameOf(type.GetElementType()!)}[]";
        return type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
            : AliasOf(type) ?? type.Name;
    }
}
