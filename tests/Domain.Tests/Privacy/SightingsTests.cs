using System.Text;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Privacy;

/// <summary>A14. Phones are not counted: a message about nothing else is refused, and what identifies one goes no further than the profile.</summary>
public sealed class SightingsTests
{
    private const string Identifier = "02:00:5e:10:00:01";

    private static readonly DateTimeOffset Noon = Square.At("2026-11-22T12:00:00Z");

    [Theory]
    [InlineData($$"""{"readings":[{"channel":"wifi","sighting":"{{Identifier}}"}]}""")]
    [InlineData($$"""{"readings":[{"channel":"wifi","sightings":["{{Identifier}}"]}]}""")]
    [InlineData($$"""{"readings":[{"channel":"wifi","mac":"{{Identifier}}","rssi":-61}]}""")]
    [InlineData($$"""{"sightings":[{"mac":"{{Identifier}}"}]}""")]
    public void A14_Sightings_of_phones_are_refused(string json) => Assert.Equal(RefusalReason.PayloadFormat, Map(json).Refusal?.Reason);

    [Fact]
    public void A14_An_identifier_beside_a_count_is_in_nothing_that_is_kept()
    {
        var outcome = Map($$"""{"vendor":{"seen":["{{Identifier}}"]},"readings":[{"channel":"gate","count":{"in":1,"out":0},"mac":"{{Identifier}}"}]}""");
        Assert.Null(outcome.Refusal);
        var kept = Encoding.UTF8.GetString(outcome.Message!.ToBytes());
        Assert.Contains("gate", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("5e:10", kept, StringComparison.OrdinalIgnoreCase);
    }

    private static MapOutcome Map(string json) => Square.Native().Map("d", Square.Utf8(json), Noon, DeviceClockWindow.Wall, false);
}
