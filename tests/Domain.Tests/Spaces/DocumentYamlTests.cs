using Monitoring.Contracts.Spaces;

namespace Monitoring.Domain.Tests.Spaces;

public sealed class DocumentYamlTests
{
    [Fact]
    public void Each_node_keeps_its_line()
    {
        var root = (DocumentMapping)DocumentYaml.Read("# head\na: 1\n\nb:\n  - x\n  - { c: 'y' }\n", new DocumentProblems("f"))!;
        Assert.Equal([("a", 2), ("b", 4)], root.Entries.Select(entry => (entry.Name, entry.Line)));
        var items = ((DocumentSequence)root.Entries[1].Value).Items;
        Assert.Equal(new DocumentScalar("x", 5), items[0]);
        Assert.Equal(new DocumentScalar("y", 6), ((DocumentMapping)items[1]).Entries[0].Value);
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x\n", 1, "anchors, aliases")]
    [InlineData("a: 1\nb: *x\n", 2, "anchors, aliases")]
    [InlineData("a: 1\n---\nb: 2\n", 1, "2 documents")]
    [InlineData("a: 1\n b: 2\n", 2, "not YAML")]
    [InlineData("a: 1\na: 2\n", 2, "Duplicate key a")]
    [InlineData("a: [1\nb: 2\n", 1, "not closed")]
    [InlineData("a: \"x\n", 1, "not YAML")]
    [InlineData("a: }\n", 1, "not YAML")]
    public void What_is_not_read_is_a_problem_with_its_line(string yaml, int line, string what)
    {
        var problems = new DocumentProblems("f");
        Assert.Null(DocumentYaml.Read(yaml, problems));
        var problem = Assert.Single(problems.Found);
        Assert.Equal(line, problem.Line);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DocumentYaml.DepthMax, true)]
    [InlineData(DocumentYaml.DepthMax + 4, false)]
    [InlineData(300_000, false)]
    public void Nesting_ends_before_the_stack_does(int depth, bool read)
    {
        var problems = new DocumentProblems("f");
        Assert.Equal(read, DocumentYaml.Read(new string('[', depth) + new string(']', depth), problems) is not null);
        Assert.Equal(read, problems.Found.Count == 0);
    }

    [Fact]
    public void A_file_over_the_limit_is_not_read()
    {
        var problems = new DocumentProblems("f");
        Assert.Null(DocumentYaml.Read(new string(' ', DocumentYaml.CharsMax + 1), problems));
        Assert.Single(problems.Found);
    }

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Whatever_is_cut_or_scribbled_over_it_answers(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5; i++)
        {
            var text = Square.Yaml[..random.Next(Square.Yaml.Length)].ToCharArray();
            for (var k = random.Next(4); k > 0 && text.Length > 0; k--)
                text[random.Next(text.Length)] = "[]{}:-&*'\"|>%@\t\n#,?!"[random.Next(20)];
            var (site, problems) = CompiledSite.Compile(new SiteDocument("site.yaml", new string(text), new Dictionary<string, string>()));
            Assert.Equal(site is null, problems.Count > 0);
            Assert.All(problems, problem => Assert.True(problem.Line >= 1));
        }
    }
}
