using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Spaces;

namespace Monitoring.Host.Tests.Spaces;

/// <summary>A list over many spaces says how far it can be believed.</summary>
public sealed class AnsweringTests
{
    [Fact]
    public void A_space_that_never_answered_is_counted_as_one_that_does_not_answer()
    {
        var answering = Answering.Of([Answered(isLive: true), Answered(isLive: true), Never]);
        Assert.Equal((3, 1, true, false), (answering.Watched, answering.Silent, answering.IsKnown, answering.IsLost));
        Assert.Equal("2 of 3 spaces answer.", answering.Words);
    }

    [Fact]
    public void Before_the_first_answer_nothing_is_known_and_nothing_is_lost()
    {
        var answering = Answering.Of([Never, Never]);
        Assert.False(answering.IsKnown);
        Assert.False(answering.IsLost);
        Assert.Equal("0 of 2 spaces answer.", answering.Words);
    }

    [Fact]
    public void The_list_is_lost_when_none_answers_any_more()
    {
        Assert.True(Answering.Of([Answered(isLive: false), Never]).IsLost);
        Assert.Equal("The one space in your scope answers.", Answering.Of([Answered(isLive: true)]).Words);
    }

    private static SpaceLive Never => new("a", "A", "Nice", null, null, IsLive: false);

    private static SpaceLive Answered(bool isLive)
    {
        var snapshot = Snapshots.Empty("a");
        return Never with { Update = new SpaceUpdate(1, true, []), Snapshot = snapshot, IsLive = isLive };
    }
}
