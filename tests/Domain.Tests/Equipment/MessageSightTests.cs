using System.Text;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Domain.Tests.Equipment;

/// <summary>What profiles would read in a message of a device that nobody knows.</summary>
public sealed class MessageSightTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);
    private static readonly EquipmentProfile[] Profiles = [.. HubProfiles.All.Values.OrderBy(profile => profile.Name, StringComparer.Ordinal)];

    private static readonly string[] Bodies =
    [
        """{"time":"2026-11-23T04:00:00Z","readings":[{"channel":"gate","count":{"in":3,"out":1}},{"channel":"p","position":"raised"}]}""",
        """{"timestamp":0,"group":"bollard-9","values":{"bollard_status":1}}""",
        """{"data":[{"sensor":"CAM-9","interval":60,"message_type":"count","aggregate":[{"type":"zone","id":"Zone 0","count":4}]}]}""",
    ];

    [Fact]
    public void The_topic_decides_where_it_is_a_profiles_own()
    {
        var sight = Assert.Single(See("equipment/c9/readings", Bodies[0]));
        Assert.Equal(("native", "c9"), (sight.Profile, sight.Address));
        Assert.Equal([new("gate", "count"), new("p", "position")], sight.Channels);
    }

    [Fact]
    public void The_body_decides_where_the_installer_chose_the_topic()
    {
        var sight = Assert.Single(See("plc/anywhere", Bodies[1]));
        Assert.Equal(("bollard-neuron", "bollard-9"), (sight.Profile, sight.Address));
        Assert.Empty(See("plc/anywhere", """{"x":1}"""));
    }

    [Fact]
    public void A_message_that_its_profile_cannot_read_still_names_its_device() =>
        Assert.Equal(("native", "c9", 0), Assert.Single(See("equipment/c9/readings", "{")) is { } sight ? (sight.Profile, sight.Address, sight.Channels.Count) : default);

    [Fact]
    public void Channels_are_bounded()
    {
        var many = $$"""{"readings":[{{string.Join(',', Enumerable.Range(1, MessageSight.ChannelsMax + 1).Select(i => $$"""{"channel":"c{{i}}","position":"raised"}"""))}}]}""";
        Assert.Equal(MessageSight.ChannelsMax, Assert.Single(See("equipment/c9/readings", many)).Channels.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds.Many), MemberType = typeof(Seeds))]
    public void Nothing_that_is_sent_makes_looking_fail(int seed)
    {
        var chance = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var body = Encoding.UTF8.GetBytes(Bodies[chance.Next(Bodies.Length)]);
            for (var changes = chance.Next(1, 6); changes > 0; changes--)
                body[chance.Next(body.Length)] = (byte)chance.Next(256);
            var topic = (string[])["equipment/c9/readings", "plc/x", "axis/A/event/CameraApplicationPlatform/ObjectAnalytics/S", "dev/events/rpc"];
            Assert.NotNull(MessageSight.Of(Profiles, topic[chance.Next(topic.Length)], body, Now, null));
            Assert.True(MessageShape.Of(body).Fields.Count <= MessageShape.FieldsMax);
        }
    }

    private static IReadOnlyList<MessageSight> See(string topic, string body) => MessageSight.Of(Profiles, topic, Encoding.UTF8.GetBytes(body), Now, null);
}
