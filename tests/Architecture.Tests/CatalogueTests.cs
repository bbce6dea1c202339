using System.Text.RegularExpressions;

namespace Monitoring.Architecture.Tests;

/// <summary>docs/reference/release.md says where each test of the privacy catalogue is; it is there, a test with the id in its name.</summary>
public sealed partial class CatalogueTests
{
    private const string Page = "docs/reference/release.md";

    /// <summary>How long it takes is measured, not tested.</summary>
    private const string Measured = "A-18";

    private static readonly string[] Catalogue = [.. Enumerable.Range(1, 18).Select(i => $"A-{i:00}"), .. Enumerable.Range(1, 18).Select(i => $"T-{i:00}")];
    private static readonly string[] Mutants = [.. Enumerable.Range(1, 15).Select(i => $"M{i}"), "M5b"];

    [Fact]
    public void Each_id_of_the_catalogue_is_in_the_table_once() =>
        Assert.Equal(Catalogue, Row().Matches(Repository.Read(Page)).SelectMany(row => Id().Matches(row.Groups["ids"].Value)).Select(id => id.Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_mutant_is_in_the_row_of_T18_and_has_a_test()
    {
        var row = Row().Matches(Repository.Read(Page)).Single(row => Id().Matches(row.Groups["ids"].Value).Any(id => id.Value == "T-18"));
        Assert.Empty(Mutants.Except(Mutant().Matches(row.Groups["what"].Value).Select(mutant => mutant.Value)));
        Assert.Empty(Mutants.Except(File().Matches(row.Groups["where"].Value).SelectMany(file => MutantMethod().Matches(Repository.Read($"tests/{file.Groups[1].Value}.cs"))).Select(method => method.Groups[1].Value)));
    }

    [Fact]
    public void Each_id_of_the_table_is_in_the_files_that_it_names() => Assert.Empty(Missing(Repository.Read(Page)));

    [Fact]
    public void Each_id_in_the_name_of_a_test_is_in_the_table()
    {
        var told = Row().Matches(Repository.Read(Page)).SelectMany(row => Id().Matches(row.Groups["ids"].Value).Select(id => id.Value.Replace("-", "", StringComparison.Ordinal))).ToHashSet();
        var used = Repository.Files.Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith("Tests.cs", StringComparison.Ordinal)).SelectMany(file => Name().Matches(Repository.Read(file))).SelectMany(name => Short().Matches(name.Value)).Select(id => id.Value);
        Assert.Empty(used.Distinct().Except(told).Order());
    }

    // One sample that is always the same can never fail again. What two folders have stands behind tests of the catalogue, or is one.
    [Fact]
    public void No_test_of_the_catalogue_has_a_fixed_seed()
    {
        var named = File().Matches(Repository.Read(Page)).Select(file => $"tests/{file.Groups[1].Value}.cs").ToHashSet();
        var files = Repository.Files.Where(file => named.Contains(file) || file.StartsWith("tests/Privacy.Tests/", StringComparison.Ordinal) || file.StartsWith("tests/Host.Tests/Privacy/", StringComparison.Ordinal)).ToList();
        Assert.InRange(files.Count, named.Count, int.MaxValue);
        Assert.DoesNotContain(files, file => FixedSeed().IsMatch(Repository.Read(file)));
    }

    [Theory]
    [InlineData("| A-01 | averaging | `Host.Tests/History/Nowhere` |", "Host.Tests/History/Nowhere is not there")]
    [InlineData("| A-77 | nothing | `Host.Tests/History/AveragingTests` |", "Host.Tests/History/AveragingTests has no A-77")]
    [InlineData("| A-01 | averaging | none |", "A-01 names no file")]
    // It is told of in a comment only.
    [InlineData("| A-01 | averaging | `Host.Tests/History/Told` |", "Host.Tests/History/Told has no A-01")]
    public void That_rule_sees_what_is_not_there(string row, string fault) => Assert.Equal(fault, Assert.Single(Missing(row)));

    // Several files may share what stands in one row: each has one of its ids, and each id is in one of them.
    private static IEnumerable<string> Missing(string page)
    {
        foreach (Match row in Row().Matches(page))
        {
            var ids = Id().Matches(row.Groups["ids"].Value).Select(id => id.Value).ToList();
            var files = File().Matches(row.Groups["where"].Value).Select(file => file.Groups[1].Value).ToList();
            if (files.Count == 0)
                yield return $"{row.Groups["ids"].Value.Trim()} names no file";
            foreach (var file in files)
            {
                if (!Repository.Files.Contains($"tests/{file}.cs"))
                    yield return $"{file} is not there";
                else if (!ids.Any(id => Has(file, id)))
                    yield return $"{file} has no {ids[0]}";
            }

            foreach (var id in ids.Where(id => files.Count > 0 && files.TrueForAll(file => Repository.Files.Contains($"tests/{file}.cs")) && files.Any(file => ids.Any(other => Has(file, other))) && !files.Exists(file => Has(file, id))))
                yield return $"{id} is in none of its files";
        }
    }

    private static bool Has(string file, string id)
    {
        var text = Repository.Read($"tests/{file}.cs");
        return id == Measured ? text.Contains(id, StringComparison.Ordinal) : Method().Matches(text).Any(method => Short().Matches(method.Value).Any(found => found.Value == id.Replace("-", "", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\|(?<ids> (?:[TA]-\d\d(?:, )?)+ )\|(?<what>[^|\n]*)\|(?<where>[^|\n]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"[TA]-\d\d")]
    private static partial Regex Id();

    [GeneratedRegex(@"[TA]\d\d(?=_)")]
    private static partial Regex Short();

    [GeneratedRegex(@"`([A-Za-z]+(?:\.Tests)?/[A-Za-z/]+)`")]
    private static partial Regex File();

    [GeneratedRegex(@"\b[TA]\d\d_\w+\(")]
    private static partial Regex Name();

    [GeneratedRegex(@"new Random\(\d|RunSeed\.Value")]
    private static partial Regex FixedSeed();

    [GeneratedRegex(@"\bM\d+b?\b")]
    private static partial Regex Mutant();

    // A test: its attributes, with comments between them, then its name.
    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\n(?:\s*(?:\[|//)[^\n]*\n)*\s*public (?:async Task|Task|void) (?:[TA]\d\d_)+\w+\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"public (?:async Task|void) T18_(M\d+b?)_")]
    private static partial Regex MutantMethod();
}
