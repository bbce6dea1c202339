using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Intake;

public sealed class SequenceMemoryTests
{
    private static readonly DateTimeOffset Noon = Square.At("2024-03-01T12:00:00Z");

    [Theory, MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void In_any_order_each_number_is_new_once_and_a_repeat_after(int seed)
    {
        var random = new Random(seed);
        var numbers = Enumerable.Range(0, 200).Concat(Enumerable.Range(0, 200)).ToArray();
        random.Shuffle(numbers);
        var memory = new SequenceMemory();
        var fresh = new HashSet<int>();

        // The newest message comes first: a stamp newer than all would read as a restart.
        Assert.False(memory.IsRepeat(500, Noon.AddSeconds(500)));
        foreach (var number in numbers)
            Assert.Equal(!fresh.Add(number), memory.IsRepeat(number, Noon.AddSeconds(number)));
        Assert.Equal([new SequenceRange(0, 200), new SequenceRange(500, 501)], memory.Ranges);
    }

    [Fact]
    public void The_same_number_with_the_same_stamp_is_a_repeat()
    {
        var memory = new SequenceMemory();
        Assert.False(memory.IsRepeat(7, Noon));
        Assert.True(memory.IsRepeat(7, Noon));
    }

    [Fact]
    public void A_number_seen_before_with_a_newer_stamp_is_a_restart()
    {
        var memory = new SequenceMemory();
        for (var i = 0; i < 100; i++)
            Assert.False(memory.IsRepeat(i, Noon.AddMinutes(i)));
        for (var i = 0; i < 100; i++)
            Assert.False(memory.IsRepeat(i, Noon.AddMinutes(100 + i)));
        Assert.True(memory.IsRepeat(99, Noon.AddMinutes(199)));
    }

    [Fact]
    public void Without_stamps_a_number_close_below_the_highest_is_a_repeat_and_a_lower_one_a_restart()
    {
        var memory = new SequenceMemory();
        for (var i = 0; i < 200; i++)
            Assert.False(memory.IsRepeat(i, null));
        Assert.True(memory.IsRepeat(199, null));
        Assert.True(memory.IsRepeat(200 - SequenceMemory.RedeliveryWindow, null));
        Assert.False(memory.IsRepeat(199 - SequenceMemory.RedeliveryWindow, null));
        Assert.Single(memory.Ranges);
    }

    [Fact]
    public void Gaps_use_up_ranges_and_the_lowest_is_forgotten()
    {
        var memory = new SequenceMemory();
        for (var i = 0; i < SequenceMemory.RangesMax + 10; i++)
            memory.IsRepeat(2 * i, Noon.AddSeconds(i));
        Assert.Equal(SequenceMemory.RangesMax, memory.Ranges.Count);
        Assert.Equal(20, memory.Ranges[0].From);
    }

    [Fact]
    public void A_filled_gap_joins_its_neighbours()
    {
        var memory = new SequenceMemory();
        memory.IsRepeat(1, Noon);
        memory.IsRepeat(3, Noon);
        Assert.Equal(2, memory.Ranges.Count);
        memory.IsRepeat(2, Noon);
        Assert.Equal([new SequenceRange(1, 4)], memory.Ranges);
    }

    [Fact]
    public void A_lower_limit_forgets_the_lowest_numbers_and_counts_them()
    {
        var memory = new SequenceMemory();
        for (var i = 0; i < 16; i++)
            Assert.False(memory.IsRepeat(2 * i, null, rangesMax: 16));
        Assert.Equal((16, 0), (memory.Ranges.Count, memory.Forgotten));
        Assert.True(memory.IsRepeat(0, null, rangesMax: 16));
        Assert.False(memory.IsRepeat(32, null, rangesMax: 16));
        Assert.Equal((16, 1), (memory.Ranges.Count, memory.Forgotten));
        Assert.True(memory.IsRepeat(2, null, rangesMax: 16));
    }
}
