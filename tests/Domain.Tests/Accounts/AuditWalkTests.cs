using Monitoring.Domain.Accounts;

namespace Monitoring.Domain.Tests.Accounts;

public sealed class AuditWalkTests
{
    private const int BlockLength = 4;

    public static TheoryData<int> Many => Seeds.Many;

    [Theory]
    [MemberData(nameof(Many))]
    public void A_whole_chain_has_no_fault_and_ends_where_it_was_left(int seed)
    {
        var chain = Chain.Of(new Random(seed));
        var walk = chain.Walk();
        Assert.Null(walk.Fault);
        Assert.Equal(chain.Lines.Count, walk.Entries);
        Assert.Equal(chain.End, walk.End);
        Assert.Equal(chain.Blocks.Select(block => block.Segment).Distinct(), walk.Segments.Select(segment => segment.Name));
    }

    [Theory]
    [MemberData(nameof(Many))]
    public void Any_change_of_any_field_names_that_entry(int seed)
    {
        var random = new Random(seed);
        var chain = Chain.Of(random);
        var victim = chain.Lines[random.Next(chain.Lines.Count)];
        foreach (var changed in Changes(victim))
            Assert.Equal(victim.Number, chain.With(victim, changed).Walk().Fault?.Number);
    }

    [Theory]
    [MemberData(nameof(Many))]
    public void A_changed_entry_with_a_hash_made_anew_shows_in_the_next(int seed)
    {
        var random = new Random(seed);
        var chain = Chain.Of(random);
        var victim = chain.Lines[random.Next(chain.Lines.Count - 1)];
        var forged = victim with { Who = victim.Who + "x" };
        forged = forged with { Hash = AuditChain.HashOf(forged) };
        var fault = chain.With(victim, forged).Walk().Fault;
        // An entry that ends its month, or that the head knows, is named itself.
        Assert.InRange(fault!.Number, victim.Number, victim.Number + 1);
    }

    [Theory]
    [MemberData(nameof(Many))]
    public void A_dropped_or_swapped_entry_is_named(int seed)
    {
        var random = new Random(seed);
        var chain = Chain.Of(random);
        var victim = chain.Lines[random.Next(chain.Lines.Count - 1)];
        Assert.Equal(victim.Number, chain.Without(victim).Walk().Fault?.Number);
        var next = chain.Lines[(int)victim.Number];
        var swapped = chain.Swapped(victim, next).Walk().Fault!.Number;
        Assert.Equal(victim.Number, swapped);
    }

    [Theory]
    [MemberData(nameof(Many))]
    public void A_closed_segment_that_is_cut_at_its_end_is_named_where_it_is_cut(int seed)
    {
        var random = new Random(seed);
        var chain = Chain.Of(random);
        var segment = chain.Blocks[0].Segment;
        var lines = chain.Lines.Where(line => line.Segment == segment).ToList();
        var kept = random.Next(1, lines.Count);
        var cut = chain.Keeping(line => line.Segment != segment || line.Number <= kept);
        Assert.Equal(kept + 1, cut.Walk().Fault?.Number);
    }

    [Theory]
    [MemberData(nameof(Many))]
    public void A_segment_that_is_forged_as_a_whole_shows_in_the_next(int seed)
    {
        var chain = Chain.Of(new Random(seed));
        var segment = chain.Blocks[0].Segment;
        var end = AuditMark.Start;
        var forged = chain;
        foreach (var line in chain.Lines.Where(line => line.Segment == segment))
        {
            var next = line.Kind == AuditChain.SegmentClosed ? AuditChain.Close(end, segment, end.Number, line.At) : AuditChain.Next(end, line with { Who = "somebody-else" });
            forged = forged.With(line, next);
            end = new(next.Number, next.Hash);
        }

        var fault = forged.Walk().Fault;
        Assert.Equal(end.Number + 1, fault?.Number);
        Assert.Contains("rewritten", fault!.What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Many))]
    public void A_cut_before_what_the_head_knows_is_named_and_a_cut_behind_it_is_not_seen(int seed)
    {
        var random = new Random(seed);
        var chain = Chain.Of(random);
        var last = chain.Lines[^1].Number;
        Assert.Equal(last, chain.Keeping(line => line.Number < last).Walk(known: chain.End).Fault?.Number);
        // This is what a chain cannot show: docs/reference/audit.md says so, and what helps.
        if (chain.Lines[^1].Kind != AuditChain.SegmentClosed && chain.Lines[^2].Segment == chain.Lines[^1].Segment)
            Assert.Null(chain.Keeping(line => line.Number < last).Walk(known: AuditMark.Start).Fault);
    }

    [Fact]
    public void A_removed_beginning_is_bad_unless_a_later_entry_says_that_it_was_dropped()
    {
        var chain = Chain.Of(new Random(1));
        var first = chain.Blocks[0].Segment;
        var end = chain.Lines.Last(line => line.Segment == first);
        var cut = chain.Keeping(line => line.Segment != first);
        Assert.Equal(end.Number, cut.Walk().Fault?.Number);

        var told = AuditChain.Next(chain.End, Chain.Fact(chain.Lines[^1].Segment, "d") with { Kind = AuditChain.SegmentDropped, Subject = first, Detail = AuditChain.Seal(end.Number, end.Hash) });
        var dropped = new Chain([.. cut.Lines, told]).Walk();
        Assert.Null(dropped.Fault);
        Assert.Equal(chain.Lines.Count + 1 - end.Number, dropped.Entries);
    }

    [Fact]
    public void A_block_that_cannot_be_read_and_a_missing_head_row_are_named()
    {
        var chain = Chain.Of(new Random(2));
        var blocks = chain.Blocks.ToArray();
        blocks[1] = blocks[1] with { Lines = null, Damaged = true };
        Assert.Equal(chain.Blocks[1].Lines![0].Number, AuditWalk.Over(blocks, chain.End).Fault?.Number);
        Assert.Contains("head row", AuditWalk.Over(chain.Blocks, null).Fault!.What, StringComparison.Ordinal);
        Assert.Null(AuditWalk.Over([], null).Fault);
        Assert.Equal(1, AuditWalk.Over([], chain.End).Fault?.Number);
    }

    [Fact]
    public void Fields_cannot_flow_into_each_other()
    {
        var line = Chain.Fact("2026-11", "1");
        Assert.NotEqual(AuditChain.HashOf(line with { Who = "ab", Subject = "c" }), AuditChain.HashOf(line with { Who = "a", Subject = "bc" }));
        Assert.NotEqual(AuditChain.HashOf(line with { Detail = null }), AuditChain.HashOf(line with { Detail = "" }));
    }

    private static IEnumerable<AuditLine> Changes(AuditLine line) =>
    [
        line with { Id = line.Id + "x" },
        line with { At = line.At.AddTicks(1) },
        line with { Kind = line.Kind + "x" },
        line with { Who = line.Who + "x" },
        line with { Subject = line.Subject + "x" },
        line with { Detail = line.Detail is null ? "" : null },
        line with { Hash = AuditChain.Genesis },
        line with { Previous = new string('1', 64) },
        line with { Segment = "1999-01" },
    ];

    private sealed record Chain(IReadOnlyList<AuditLine> Lines)
    {
        public AuditMark End => new(Lines[^1].Number, Lines[^1].Hash);

        public IReadOnlyList<AuditBlock> Blocks =>
            [.. Lines.GroupBy(line => line.Segment).SelectMany(month => month.Chunk(BlockLength).Select((lines, index) => new AuditBlock(month.Key, index, lines, Damaged: false)))];

        public static Chain Of(Random random)
        {
            var lines = new List<AuditLine>();
            var end = AuditMark.Start;
            var months = random.Next(2, 5);
            for (var month = 1; month <= months; month++)
            {
                var segment = $"2026-{month:00}";
                var count = random.Next(2, 20);
                for (var i = 0; i < count; i++)
                    Add(AuditChain.Next(end, Fact(segment, $"{month}/{i}")));
                if (month < months)
                    Add(AuditChain.Close(end, segment, count, Fact(segment, "").At));
            }

            return new(lines);

            void Add(AuditLine line)
            {
                lines.Add(line);
                end = new(line.Number, line.Hash);
            }
        }

        public static AuditLine Fact(string segment, string id) =>
            new(0, segment, id, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "sign-in", "alice", "alice", id.Length % 2 == 0 ? null : "password", "", "");

        public Chain With(AuditLine line, AuditLine other) => new([.. Lines.Select(each => each == line ? other : each)]) { Stored = Stored ?? Lines };

        public Chain Without(AuditLine line) => Keeping(each => each != line);

        public Chain Keeping(Func<AuditLine, bool> keep) => new([.. Lines.Where(keep)]);

        public Chain Swapped(AuditLine one, AuditLine two) => new([.. Lines.Select(each => each == one ? two : each == two ? one : each)]) { Stored = Stored ?? Lines };

        /// <summary>Where the lines were stored before they were changed.</summary>
        private IReadOnlyList<AuditLine>? Stored { get; init; }

        public AuditWalk Walk(AuditMark? known = null)
        {
            var blocks = new List<AuditBlock>();
            var done = 0;
            foreach (var block in Stored is null ? Blocks : new Chain(Stored).Blocks)
            {
                blocks.Add(block with { Lines = [.. Lines.Skip(done).Take(block.Lines!.Count)] });
                done += block.Lines.Count;
            }

            return AuditWalk.Over(blocks, known ?? End);
        }
    }
}
