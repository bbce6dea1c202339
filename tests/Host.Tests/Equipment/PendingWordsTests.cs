using Monitoring.Contracts.Intake;
using Monitoring.Dashboard.Equipment;

namespace Monitoring.Host.Tests.Equipment;

/// <summary>Pages say of an unknown device no more than is known, and nothing that is not true.</summary>
public sealed class PendingWordsTests
{
    private static readonly DateTimeOffset Quarter = new(2026, 11, 23, 3, 15, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "under 15 min ago")]
    [InlineData(899, "under 15 min ago")]
    [InlineData(901, "under 30 min ago")]
    [InlineData(6_301, "under 2 h ago")]
    [InlineData(7_201, "under 3 h ago")]
    [InlineData(-5, "under 15 min ago")]
    public void A_time_is_told_in_whole_quarters_and_never_too_short(int seconds, string words) =>
        Assert.Equal(words, EquipmentWords.AgoInQuarters(Quarter, Quarter.AddSeconds(seconds)));

    [Theory]
    [InlineData(1, "one")]
    [InlineData(2, "few")]
    [InlineData(4, "few")]
    [InlineData(10, "many")]
    [InlineData(12, "many")]
    public void A_count_is_a_word(long atLeast, string word) =>
        Assert.Equal(word, EquipmentWords.Messages(new PendingDevice("", "", "", "", Quarter, Quarter, atLeast, "", [], false, [])));
}
