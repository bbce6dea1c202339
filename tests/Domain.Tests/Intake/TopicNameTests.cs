using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Intake;

public sealed class TopicNameTests
{
    [Theory]
    [InlineData("equipment/counter-1/readings")]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("place/été/東京")]
    [InlineData("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16")]
    public void A_plain_topic_is_fine(string topic) => Assert.Null(TopicName.Problem(topic));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("equipment/+/readings", "contains +")]
    [InlineData("equipment/#", "contains +")]
    [InlineData("a\0b", "NUL")]
    [InlineData("a\uFFFDb", "broken UTF-8")]
    [InlineData("a\nb", "control")]
    [InlineData("a\u007Fb", "control")]
    [InlineData("a\u0085b", "control")]
    [InlineData("1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", "16 levels")]
    public void What_is_wrong_is_said(string topic, string problem) => Assert.Contains(problem, TopicName.Problem(topic), StringComparison.Ordinal);

    [Fact]
    public void Bytes_are_counted_and_not_characters()
    {
        Assert.Null(TopicName.Problem(new string('a', 256)));
        Assert.NotNull(TopicName.Problem(new string('a', 257)));
        Assert.Null(TopicName.Problem(new string('é', 128)));
        Assert.NotNull(TopicName.Problem(new string('é', 128) + "a"));
    }
}
