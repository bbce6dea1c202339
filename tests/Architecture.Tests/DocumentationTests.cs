using System.Text.RegularExpressions;

namespace Monitoring.Architecture.Tests;

/// <summary>The compiler holds the docstrings of Domain, Contracts and Privacy; these tests hold the settings that make it do so.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void An_undocumented_promise_does_not_compile() => Assert.Empty(Loopholes(
        Repository.Read("Directory.Build.props"),
        Repository.Read(".editorconfig"),
        Repository.Read("src/Domain/Domain.csproj") + Repository.Read("src/Contracts/Contracts.csproj") + Repository.Read("src/Privacy/Privacy.csproj")));

    [Theory]
    [InlineData("<GenerateDocumentationFile>true", "<GenerateDocumentationFile>false", "props")]
    [InlineData("<TreatWarningsAsErrors>true", "<TreatWarningsAsErrors>false", "props")]
    [InlineData("<Nullable>", "<NoWarn>CS1591</NoWarn><Nullable>", "props")]
    [InlineData("[src/{Silo,", "[src/{Domain,Silo,", "editorconfig")]
    [InlineData("[src/{Silo,", "[src/{Privacy,Silo,", "editorconfig")]
    [InlineData("[*.cs]", "[*.cs]\ndotnet_diagnostic.CS1591.severity = none", "editorconfig")]
    public void That_rule_sees_a_loophole(string setting, string broken, string where)
    {
        var (props, config) = (Repository.Read("Directory.Build.props"), Repository.Read(".editorconfig"));
        Assert.Contains(setting, where == "props" ? props : config, StringComparison.Ordinal);
        if (where == "props")
            props = props.Replace(setting, broken, StringComparison.Ordinal);
        else
            config = config.Replace(setting, broken, StringComparison.Ordinal);
        Assert.NotEmpty(Loopholes(props, config, ""));
    }

    private static IEnumerable<string> Loopholes(string props, string editorConfig, string projects)
    {
        foreach (var setting in (string[])["<GenerateDocumentationFile>true<", "<TreatWarningsAsErrors>true<", "<Nullable>enable<"])
        {
            if (!props.Contains(setting, StringComparison.Ordinal))
                yield return $"Directory.Build.props lacks {setting}";
        }

        if (Regex.IsMatch(props + projects, "NoWarn|WarningsNotAsErrors"))
            yield return "a project file turns warnings off";
        var sections = Regex.Split(editorConfig, @"(?=^\[)", RegexOptions.Multiline);
        foreach (var section in sections.Where(section => section.Contains("CS1591.severity = none", StringComparison.Ordinal)))
        {
            var glob = section.Split('\n')[0];
            if (!glob.StartsWith("[src/{", StringComparison.Ordinal) && !glob.StartsWith("[tests/", StringComparison.Ordinal) || glob.Contains("Domain", StringComparison.Ordinal) || glob.Contains("Contracts", StringComparison.Ordinal) || glob.Contains("Privacy", StringComparison.Ordinal))
                yield return $"{glob} turns CS1591 off";
        }
    }
}
