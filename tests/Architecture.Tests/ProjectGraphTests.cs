using System.Reflection;
using System.Xml.Linq;

namespace Monitoring.Architecture.Tests;

/// <summary>The picture of docs/ARCHITECTURE.md as a table. A project that needs more than this has a reason worth a line here.</summary>
public sealed class ProjectGraphTests
{
    private const string AspNet = "Microsoft.AspNetCore.App";

    // Roles and adapters: Host alone sees more than one of them.
    private static readonly string[] Roles = ["Silo", "Gateway", "Dashboard", "History", "Simulator"];

    private static readonly ProjectFile[] Table =
    [
        new("Contracts", ["Domain", "Privacy"], ["Microsoft.Orleans.Sdk", "YamlDotNet"], []),
        new("Dashboard", ["Contracts"], ["Microsoft.AspNetCore.Authentication.OpenIdConnect", "Microsoft.AspNetCore.OpenApi"], [AspNet]),
        new("Domain", [], [], []),
        new("Gateway", ["Contracts", "Storage"], ["MQTTnet", "MQTTnet.AspNetCore", "MQTTnet.Server"], [AspNet]),
        new("History", ["Domain"], ["DuckDB.NET.Data.Full"], []),
        new("Host", ["Contracts", "Dashboard", "Domain", "Gateway", "History", "Silo", "Simulator"], ["Microsoft.Orleans.Client", "Microsoft.Orleans.Server", "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Instrumentation.Runtime", "System.CommandLine"], []),
        new("Privacy", [], [], []),
        new("Silo", ["Contracts", "Privacy", "Storage"], ["Microsoft.Extensions.Options.DataAnnotations", "Microsoft.Orleans.Server"], []),
        new("Simulator", ["Domain"], ["MQTTnet", "Microsoft.Extensions.Hosting.Abstractions"], []),
        new("Storage", [], ["Microsoft.Data.Sqlite", "System.IO.Hashing"], []),
    ];

    [Fact]
    public void Each_project_refers_to_what_the_table_says_and_nothing_else() =>
        Assert.Empty(Deviations(Repository.SourceProjects.Select(Repository.Project)));

    [Theory]
    [InlineData("Domain", "<PackageReference Include=\"Newtonsoft.Json\" />", "Domain: packages are Newtonsoft.Json, the table says none")]
    [InlineData("Domain", "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />", "Domain: frameworks are Microsoft.AspNetCore.App, the table says none")]
    [InlineData("Storage", "<ProjectReference Include=\"..\\Silo\\Silo.csproj\" />", "Storage: projects are Silo, the table says none")]
    [InlineData("Extra", "", "Extra: is not in the table")]
    public void That_rule_sees_a_reference_too_many(string name, string reference, string expected) =>
        Assert.Contains(expected, Deviations([ProjectFile.Read(name, XDocument.Parse($"<Project><ItemGroup>{reference}</ItemGroup></Project>"))]));

    [Fact]
    public void That_rule_sees_a_project_that_is_gone() => Assert.Contains("Silo: is in the table but not there", Deviations([]));

    [Fact]
    public void Roles_do_not_see_each_other() =>
        Assert.Empty(Roles.SelectMany(role => RolesSeen(role, Assembly.Load($"Monitoring.{role}").GetReferencedAssemblies().Select(name => name.Name!))));

    [Fact]
    public void That_rule_sees_one_role_in_another() =>
        Assert.Equal("Silo sees Gateway", Assert.Single(RolesSeen("Silo", ["System.Runtime", "Monitoring.Contracts", "Monitoring.Gateway"])));

    [Theory]
    [InlineData("Domain")]
    [InlineData("Privacy")]
    public void Domain_and_Privacy_are_compiled_against_the_runtime_alone(string project) =>
        Assert.Empty(NotTheRuntime(Assembly.Load($"Monitoring.{project}").GetReferencedAssemblies().Select(name => name.Name!)));

    [Fact]
    public void That_rule_sees_anything_else() =>
        Assert.Equal(["Orleans.Core", "Microsoft.Extensions.Logging.Abstractions"], NotTheRuntime(["System.Runtime", "System.Text.Json", "Orleans.Core", "Microsoft.Extensions.Logging.Abstractions"]));

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Assert.Empty(NotInSolution(Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)), Repository.Read("Monitoring.sln")));

    [Fact]
    public void That_rule_sees_a_project_that_nobody_builds() =>
        Assert.Single(NotInSolution(["src/Domain/Domain.csproj", "src/Lost/Lost.csproj"], @"""src\Domain\Domain.csproj"""));

    private static IEnumerable<string> Deviations(IEnumerable<ProjectFile> projects)
    {
        var found = projects.ToDictionary(project => project.Name);
        foreach (var project in found.Values)
        {
            if (Array.Find(Table, row => row.Name == project.Name) is not { } allowed)
            {
                yield return $"{project.Name}: is not in the table";
                continue;
            }

            foreach (var (what, has, may) in (IEnumerable<(string, string[], string[])>)[("projects", project.Projects, allowed.Projects), ("packages", project.Packages, allowed.Packages), ("frameworks", project.Frameworks, allowed.Frameworks)])
            {
                if (!has.ToHashSet().SetEquals(may))
                    yield return $"{project.Name}: {what} are {Names(has)}, the table says {Names(may)}";
            }
        }

        foreach (var row in Table.Where(row => !found.ContainsKey(row.Name)))
            yield return $"{row.Name}: is in the table but not there";
    }

    private static string Names(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);

    private static IEnumerable<string> RolesSeen(string role, IEnumerable<string> referenced) =>
        referenced.Where(name => Roles.Any(other => other != role && name == $"Monitoring.{other}")).Select(name => $"{role} sees {name["Monitoring.".Length..]}");

    private static IEnumerable<string> NotTheRuntime(IEnumerable<string> referenced) => referenced.Where(name => !name.StartsWith("System.", StringComparison.Ordinal));

    private static IEnumerable<string> NotInSolution(IEnumerable<string> projects, string solution) =>
        projects.Where(project => !solution.Contains($"\"{project.Replace('/', '\\')}\"", StringComparison.Ordinal));
}
