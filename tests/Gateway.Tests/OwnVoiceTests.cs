using System.Text;

namespace Monitoring.Gateway.Tests;

/// <summary>A connection with a valid secret tries to speak for another, to listen, or to learn what else there is.</summary>
public sealed class OwnVoiceTests
{
    private const string Foreign = "equipment/c2/readings";
    private const string Nobodys = "equipment/c9/readings";

    private const string Yaml = """
        site: test
        name: Test
        spaces:
          - id: square
            name: Square
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            lines: [{ id: l, name: Line, widthM: 2, from: outside, to: z }]
            devices:
              - { id: c1, kind: counter, intervalSeconds: 60, channels: [{ name: gate, line: l }] }
              - { id: b1, kind: bollard, profile: bollard-neuron, address: bollard-1, intervalSeconds: 60, parameters: { topic: plc/north }, channels: [{ name: position }] }
          - id: park
            name: Park
            city: Nowhere
            timeZone: UTC
            zones: [{ id: z, name: Zone, areaM2: 100, capacity: 100 }]
            lines: [{ id: l, name: Line, widthM: 2, from: outside, to: z }]
            devices:
              - { id: c2, kind: counter, intervalSeconds: 60, channels: [{ name: gate, line: l }] }
              - { id: b2, kind: bollard, profile: bollard-neuron, address: bollard-2, intervalSeconds: 60, parameters: { topic: plc/south }, channels: [{ name: position }] }
        connections:
          - { name: one, topics: [equipment/c1/readings, plc/north] }
          - { name: two, topics: [equipment/c2/readings, plc/south] }
        """;

    private static readonly string Forged = RunningGateway.Count(1000);

    /// <summary>What connection one tries, and the answer that it gets.</summary>
    private static readonly Dictionary<string, Func<Stage, Task<string>>> Attempts = new()
    {
        ["publish to another's topic: 87"] = stage => stage.PublishAsync(Foreign),
        ["publish to another's topic, retained: 87"] = stage => stage.PublishAsync(RawClient.Text(Foreign), retained: true),
        ["publish to another's topic of a vendor: 87"] = stage => stage.PublishAsync("plc/south"),
        ["publish in capitals: 87"] = stage => stage.PublishAsync("EQUIPMENT/C2/READINGS"),
        ["publish to another's device in capitals: 87"] = stage => stage.PublishAsync("equipment/C2/readings"),
        ["publish to its own topic in capitals: 87"] = stage => stage.PublishAsync("EQUIPMENT/C1/READINGS"),
        ["publish to its own vendor's topic in capitals: 87"] = stage => stage.PublishAsync("plc/North"),
        ["publish with a trailing slash: 87"] = stage => stage.PublishAsync(Foreign + "/"),
        ["publish with a leading slash: 87"] = stage => stage.PublishAsync("/" + Foreign),
        ["publish with an empty level: 87"] = stage => stage.PublishAsync("equipment//c2/readings"),
        ["publish with a blank at the end: 87"] = stage => stage.PublishAsync(Foreign + " "),
        ["publish with a Cyrillic letter: 87"] = stage => stage.PublishAsync("equipment/\u04412/readings"),
        ["publish with full-width letters: 87"] = stage => stage.PublishAsync("equipment/\uFF43\uFF12/readings"),
        ["publish with a combining mark: 87"] = stage => stage.PublishAsync("equipment/c2\u0301/readings"),
        ["publish with a letter of no width: 87"] = stage => stage.PublishAsync("equipment/c2\u200B/readings"),
        ["publish up the path: 87"] = stage => stage.PublishAsync("equipment/c1/../c2/readings"),
        ["publish in percent notation: 87"] = stage => stage.PublishAsync("equipment/%63%32/readings"),
        ["publish to a share: 87"] = stage => stage.PublishAsync($"$share/group/{Foreign}"),
        ["publish to the server's own topics: 87"] = stage => stage.PublishAsync("$SYS/broker/clients"),
        ["publish to every device at once: 90"] = stage => stage.PublishAsync("equipment/+/readings"),
        ["publish to everything: 90"] = stage => stage.PublishAsync("#"),
        ["publish with NUL: 90"] = stage => stage.PublishAsync(Foreign + "\0"),
        ["publish with a line break: 90"] = stage => stage.PublishAsync($"{RunningGateway.Own}\r\n{Foreign}"),
        ["publish with broken UTF-8: 90"] = stage => stage.PublishAsync([0, 22, .. Encoding.ASCII.GetBytes("equipment/c2/readings"), 0xC3]),
        ["publish with an overlong form of a letter: 90"] = stage => stage.PublishAsync([0, 22, .. Encoding.ASCII.GetBytes("equipment/"), 0xC1, 0xA3, .. Encoding.ASCII.GetBytes("2/readings")]),
        ["publish to an empty topic: 90"] = stage => stage.PublishAsync(""),
        ["publish with a topic alias: E0 94"] = stage => stage.SendAsync(RawClient.Packet(0x32, [.. RawClient.Text(Foreign), 0, 7, 3, 0x23, 0, 1, .. Encoding.UTF8.GetBytes(Forged)])),
        ["publish by an alias alone: E0 94"] = stage => stage.SendAsync(RawClient.Packet(0x32, [0, 0, 0, 7, 3, 0x23, 0, 1, .. Encoding.UTF8.GetBytes(Forged)])),
        ["name another's device in the payload: 99"] = stage => stage.PublishAsync("plc/north", """{"timestamp":0,"group":"bollard-2","values":{"bollard_status":1}}"""),
        ["name another's channel in the payload: 99"] = stage => stage.PublishAsync(RunningGateway.Own, """{"readings":[{"channel":"c2/gate","count":{"in":1000,"out":0}}]}"""),
        ["leave a will to another's topic: sent"] = stage => stage.LeaveWillAsync(retained: false),
        ["leave a retained will to another's topic: sent"] = stage => stage.LeaveWillAsync(retained: true),
        ["subscribe to everything: 87"] = stage => stage.SubscribeAsync("#"),
        ["subscribe to another's topic: 87"] = stage => stage.SubscribeAsync(Foreign),
        ["subscribe to its own topic: 87"] = stage => stage.SubscribeAsync(RunningGateway.Own),
        ["subscribe to a share: 87"] = stage => stage.SubscribeAsync($"$share/group/{Foreign}"),
        ["subscribe to the server's own topics: 87"] = stage => stage.SubscribeAsync("$SYS/#"),
        ["end another's subscription: 11"] = stage => stage.UnsubscribeAsync(Foreign),
        ["take another's client id: 20 session 0 code 0"] = stage => stage.SignInAsync("one", stage.Secret, "victim"),
        ["take up another's session: 20 session 0 code 0"] = stage => stage.SignInAsync("one", stage.Secret, "victim", cleanStart: false),
        ["take the client id as the hub has it: 20 session 0 code 0"] = stage => stage.SignInAsync("one", stage.Secret, "two\nvictim"),
        ["sign in as another with its own secret: 20 session 0 code 86"] = stage => stage.SignInAsync("two", stage.Secret, "raw"),
        ["sign in as another with an empty secret: 20 session 0 code 86"] = stage => stage.SignInAsync("two", "", "raw"),
        ["sign in as another without a secret: 20 session 0 code 86"] = stage => stage.SignInAsync("two", null, "raw"),
        ["sign in as nobody: 20 session 0 code 86"] = stage => stage.SignInAsync(null, null, "two"),
        ["sign in as another and as oneself: 20 session 0 code 86"] = stage => stage.SignInAsync("two\none", stage.Secret, "raw"),
        ["sign in anew as another: E0 82"] = stage => stage.SendAsync(RawClient.SignInPacket("two", stage.Secret, "raw")),
        ["publish behind a refused sign-in: 20 session 0 code 86"] = stage => stage.SignInAsync("two", stage.Secret, "raw", behind: RawClient.Packet(0x30, [.. RawClient.Text(Foreign), 0, .. Encoding.UTF8.GetBytes(Forged)])),
        ["acknowledge for another: E0 82"] = stage => stage.SendAsync(RawClient.Packet(0x40, 0, 1)),
        ["release for another: E0 82"] = stage => stage.SendAsync(RawClient.Packet(0x62, 0, 1)),
        ["ask for another way to sign in: E0 82"] = stage => stage.SendAsync(RawClient.Packet(0xF0, 0x18, 0)),
    };

    public static TheoryData<string> Tried => [.. Attempts.Keys];

    [Theory]
    [MemberData(nameof(Tried))]
    public async Task Another_device_is_not_reached_by(string attempt)
    {
        await using var gateway = await StartAsync();
        using var victim = await RawClient.ConnectAsync(gateway, "two", clientId: "victim");
        using var stage = await Stage.SetAsync(gateway);

        Assert.Equal(attempt, $"{attempt[..attempt.LastIndexOf(": ", StringComparison.Ordinal)]}: {await Attempts[attempt](stage)}");

        // The victim's connection stands, nothing was sent to it, and its own message is the first and only one of its space.
        await victim.PublishAsync(Foreign, RunningGateway.Count(42), 1, 1);
        Assert.Equal((1, 0), await victim.ReadPubAckAsync());
        await RunningGateway.Until(() => gateway.Silo.Space("park").Applied.Count > 0, "the victim's message to arrive");
        Assert.Contains("42", Encoding.UTF8.GetString(Assert.Single(gateway.Silo.Space("park").Applied).Body), StringComparison.Ordinal);
        Assert.Empty(gateway.Silo.Space("square").Applied);
        Assert.Equal(1, gateway.Counters.Accepted);
    }

    [Theory]
    [InlineData(Foreign, Nobodys)]
    [InlineData("plc/south", "plc/west")]
    public async Task A_topic_of_another_is_answered_as_one_that_is_not_there(string there, string nowhere)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, "one");

        Assert.Equal(await AnswerAsync(nowhere), await AnswerAsync(there));

        async Task<string> AnswerAsync(string topic)
        {
            await client.PublishAsync(topic, Forged, 1, 7);
            var answer = await PacketAsync(client);
            await client.SendAsync(RawClient.Packet(0x82, [0, 8, 0, .. RawClient.Text(topic), 1]));
            answer += await PacketAsync(client);
            await client.SendAsync(RawClient.Packet(0xA2, [0, 9, 0, .. RawClient.Text(topic)]));
            return answer + await PacketAsync(client);
        }
    }

    [Fact]
    public async Task A_device_of_another_is_answered_in_a_payload_as_one_that_is_not_there()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, "one");

        Assert.Equal(await AnswerAsync("bollard-9"), await AnswerAsync("bollard-2"));

        async Task<string> AnswerAsync(string group)
        {
            await client.PublishAsync("plc/north", $$"""{"timestamp":0,"group":"{{group}}","values":{"bollard_status":1} }""", 1, 7);
            return await PacketAsync(client);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    public async Task A_name_of_the_site_is_answered_at_sign_in_as_one_that_is_not_there(byte version)
    {
        await using var gateway = await StartAsync();

        Assert.Equal(await AnswerAsync("nobody", "wrong secret"), await AnswerAsync("two", "wrong secret"));
        Assert.Equal(await AnswerAsync("nobody", null), await AnswerAsync("two", null));
        Assert.Equal(await AnswerAsync("nobody", gateway.Secrets["one"]), await AnswerAsync("two", gateway.Secrets["one"]));

        async Task<string> AnswerAsync(string user, string? secret)
        {
            using var client = await RawClient.OpenAsync(gateway);
            await client.SendAsync(RawClient.SignInPacket(user, secret, "raw", version));
            return await PacketAsync(client);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    public async Task A_client_id_in_use_is_answered_as_one_that_is_free(byte version)
    {
        await using var gateway = await StartAsync();
        using var victim = await RawClient.ConnectAsync(gateway, "two", clientId: "victim");

        Assert.Equal(await AnswerAsync("free"), await AnswerAsync("victim"));

        async Task<string> AnswerAsync(string clientId)
        {
            using var client = await RawClient.OpenAsync(gateway);
            await client.SendAsync(RawClient.SignInPacket("one", gateway.Secrets["one"], clientId, version, cleanStart: false));
            return await PacketAsync(client);
        }
    }

    private static Task<RunningGateway> StartAsync() => RunningGateway.StartAsync(silo: new FakeSilo { Site = RunningGateway.Site(1, Yaml) });

    private static async Task<string> PacketAsync(RawClient client)
    {
        var (first, body) = await client.ReadPacketAsync();
        return $"{first:X2}{Convert.ToHexString(body)} ";
    }

    /// <summary>Connection one, signed in, and what it does.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly RunningGateway _gateway;
        private readonly RawClient _client;

        private Stage(RunningGateway gateway, RawClient client) => (_gateway, _client) = (gateway, client);

        public string Secret => _gateway.Secrets["one"];

        public static async Task<Stage> SetAsync(RunningGateway gateway) => new(gateway, await RawClient.ConnectAsync(gateway, "one"));

        public Task<string> PublishAsync(string topic, string? payload = null) => PublishAsync(RawClient.Text(topic), payload);

        /// <summary>First without an answer (quality of service 0), then with one.</summary>
        public async Task<string> PublishAsync(byte[] topic, string? payload = null, bool retained = false)
        {
            await _client.PublishAsync(topic, payload ?? Forged, 0, 0, retained);
            await _client.PublishAsync(topic, payload ?? Forged, 1, 7, retained);
            var (packet, code) = await _client.ReadPubAckAsync();
            Assert.Equal(7, packet);
            Assert.Equal(2, _gateway.Counters.Rejected);
            return $"{code:X2}";
        }

        public async Task<string> SubscribeAsync(string filter)
        {
            await _client.SendAsync(RawClient.Packet(0x82, [0, 7, 0, .. RawClient.Text(filter), 1]));
            var (first, body) = await _client.ReadPacketAsync();
            Assert.Equal(0x90, first);
            return $"{body[^1]:X2}";
        }

        public async Task<string> UnsubscribeAsync(string filter)
        {
            await _client.SendAsync(RawClient.Packet(0xA2, [0, 7, 0, .. RawClient.Text(filter)]));
            var (first, body) = await _client.ReadPacketAsync();
            Assert.Equal(0xB0, first);
            return $"{body[^1]:X2}";
        }

        /// <summary>Sends and reads how the connection ends.</summary>
        public async Task<string> SendAsync(byte[] bytes)
        {
            await _client.SendAsync(bytes);
            return $"E0 {await _client.ReadDisconnectAsync():X2}";
        }

        public async Task<string> SignInAsync(string? user, string? secret, string clientId, bool cleanStart = true, byte[]? behind = null)
        {
            using var other = await RawClient.OpenAsync(_gateway);
            await other.SendAsync([.. RawClient.SignInPacket(user, secret, clientId, cleanStart: cleanStart), .. behind ?? []]);
            var (first, body) = await other.ReadPacketAsync();
            return $"{first:X2} session {body[0]:X} code {body[1]:X}";
        }

        /// <summary>Goes without a word, as a device without power does, and again with the DISCONNECT that asks for the will.</summary>
        public async Task<string> LeaveWillAsync(bool retained)
        {
            foreach (var farewell in (byte[][])[[], [0xE0, 1, 4]])
            {
                var open = _gateway.Health.Connections;
                using (var leaver = await RawClient.OpenAsync(_gateway))
                {
                    await leaver.SendAsync(RawClient.SignInPacket("one", Secret, "leaver", willTopic: Foreign, willBody: Forged, willRetained: retained));
                    Assert.Equal(0x20, (await leaver.ReadPacketAsync()).First);
                    await leaver.SendAsync(farewell);
                }

                await RunningGateway.Until(() => _gateway.Health.Connections <= open, "the connection with the will to have gone");
            }

            return "sent";
        }

        public void Dispose() => _client.Dispose();
    }
}
