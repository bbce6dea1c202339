using System.Text.RegularExpressions;

namespace Monitoring.Architecture.Tests;

/// <summary>Names say what a thing does, and no file knows the machine it was written on.</summary>
public sealed partial class NameTests
{
    // Written in pieces, so that this file does not break its own rule.
    private static readonly Regex MachinePath = new("(?<![A-Za-z0-9.])/(" + "home/[a-z]|Users/[A-Za-z]|root" + "/|work" + @"/)|(?<![A-Za-z])[A-Z]:\\[A-Za-z]");

    [Fact]
    public void No_type_or_file_has_a_name_that_says_nothing() =>
        Assert.Empty(SayNothing(Sources().Select(file => (file, Repository.Read(file)))));

    [Theory]
    [InlineData("src/Silo/Spaces/SpaceManager.cs", "")]
    [InlineData("src/Silo/Spaces/Space.cs", "internal sealed class TextHelper;")]
    [InlineData("src/Silo/Spaces/Space.cs", "public static class StringUtils { }")]
    [InlineData("src/Silo/Spaces/Space.cs", "public record struct CommonThing(int A);")]
    [InlineData("src/Silo/Spaces/Space.cs", "public interface IMessageProcessor;")]
    public void That_rule_sees_them(string file, string text) => Assert.Single(SayNothing([(file, text)]));

    [Fact]
    public void That_rule_lets_words_pass_that_only_begin_alike() =>
        Assert.Empty(SayNothing([("src/Domain/X.cs", "class Utility; class Commoner; enum Managed; // a helper class Manager")]));

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine() =>
        Assert.Empty(MachinePaths(Repository.Files.Where(IsText).Select(file => (file, Repository.Read(file)))));

    [Theory]
    [InlineData("/ho", "me/anna/hub")]
    [InlineData("path=/wo", "rk/x")]
    [InlineData("C:", @"\Users\anna")]
    [InlineData("/ro", "ot/x")]
    public void That_rule_sees_one(string a, string b) => Assert.Single(MachinePaths([("README.md", a + b)]));

    [Theory]
    [InlineData("https://example.org/ho", "me/page")]
    [InlineData("the groundwork/plan and a/ro", "ot/b")]
    public void That_rule_lets_other_slashes_pass(string a, string b) => Assert.Empty(MachinePaths([("README.md", a + b)]));

    private static IEnumerable<string> Sources() => Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal));

    private static bool IsText(string file) => Path.GetExtension(file) is ".cs" or ".md" or ".yaml" or ".yml" or ".json" or ".csproj" or ".props" or ".razor" or ".sh" or ".txt" or ".js" or ".css" or ".html" or "";

    private static IEnumerable<string> SayNothing(IEnumerable<(string File, string Text)> sources)
    {
        foreach (var (file, text) in sources)
        {
            var names = Declared().Matches(NotCode().Replace(text, "")).Select(match => match.Groups[1].Value).Append(Path.GetFileNameWithoutExtension(file)).Distinct();
            foreach (var name in names.Where(name => EmptyWord().IsMatch(name)))
                yield return $"{file}: {name}";
        }
    }

    private static IEnumerable<string> MachinePaths(IEnumerable<(string File, string Text)> files) =>
        from file in files
        from line in file.Text.Split('\n').Index()
        where MachinePath.IsMatch(line.Item)
        select $"{file.File}:{line.Index + 1}";

    [GeneratedRegex(@"\b(?:class|record(?: struct| class)?|struct|interface|enum)\s+([A-Z]\w*)")]
    private static partial Regex Declared();

    [GeneratedRegex("(Manager|Helper|Util|Common|Processor)s?(?![a-z])")]
    private static partial Regex EmptyWord();

    [GeneratedRegex("//.*$|\"[^\"\n]*\"", RegexOptions.Multiline)]
    private static partial Regex NotCode();
}
