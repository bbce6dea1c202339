using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Monitoring.Domain;
using Monitoring.Gateway.Accounts;
using Monitoring.Gateway.Equipment;
using MQTTnet;
using MQTTnet.Formatter;

namespace Monitoring.Gateway.Tests;

public sealed class WrongSecretsTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("198.51.100.1");

    private readonly SteppedTime _time = new();
    private readonly WrongSecrets _wrong;

    public WrongSecretsTests() => _wrong = new WrongSecrets(Options.Create(new ConnectionSignInOptions { WrongPerAddressMax = 6, WrongPerNameMax = 3, WindowSeconds = 60 }), new HubClock(ClockKind.Wall, _time));

    [Fact]
    public void A_name_is_tried_so_often_from_all_addresses_and_then_once_in_each_part_of_the_window()
    {
        Assert.True(_wrong.TryCount("one", Here) && _wrong.TryCount("one", There) && _wrong.MayTry("one", Here) && _wrong.TryCount("one", Here));

        Assert.False(_wrong.MayTry("one", There) || _wrong.TryCount("one", There));
        Assert.True(_wrong.MayTry("two", There));
        _time.Step(TimeSpan.FromSeconds(19.9));
        Assert.False(_wrong.MayTry("one", There));
        _time.Step(TimeSpan.FromSeconds(0.2));
        Assert.True(_wrong.TryCount("one", There));
        Assert.False(_wrong.MayTry("one", Here));
    }

    [Fact]
    public void An_address_tries_so_many_names_and_other_addresses_do_not_feel_it()
    {
        for (var i = 0; i < 6; i++)
            Assert.True(_wrong.TryCount(Name(i), Here));

        Assert.False(_wrong.MayTry("another", Here) || _wrong.TryCount("another", Here));
        Assert.True(_wrong.MayTry("another", There));
        _time.Step(TimeSpan.FromSeconds(11));
        Assert.True(_wrong.MayTry("another", Here));
    }

    [Fact]
    public void A_name_that_signed_in_from_an_address_is_not_slowed_by_others_of_that_address_or_name()
    {
        _wrong.Signed("one", Here);
        while (_wrong.TryCount("one", There))
        {
        }

        for (var i = 0; _wrong.TryCount(Name(i), Here); i++)
        {
        }

        Assert.False(_wrong.MayTry("one", There) || _wrong.MayTry("two", Here));
        Assert.True(_wrong.MayTry("one", Here));

        // Its own wrong secrets count there too, and only there.
        Assert.True(_wrong.TryCount("one", Here) && _wrong.TryCount("one", Here) && _wrong.TryCount("one", Here));
        Assert.False(_wrong.MayTry("one", Here));
        _wrong.Signed("one", Here);
        Assert.False(_wrong.MayTry("one", Here));
    }

    [Fact]
    public void Whoever_tries_on_at_the_limit_does_not_lengthen_the_wait()
    {
        for (var i = 0; i < 1_000; i++)
            _wrong.TryCount("one", Here);

        _time.Step(TimeSpan.FromSeconds(61));

        Assert.True(_wrong.TryCount("one", Here) && _wrong.TryCount("one", Here) && _wrong.TryCount("one", Here));
    }

    [Fact]
    public void At_the_limit_of_what_is_remembered_all_is_learnt_anew()
    {
        for (var i = 0; i < WrongSecrets.FamiliarMax; i++)
            _wrong.Signed(Name(i), Here);
        while (_wrong.TryCount("stranger", Here))
        {
        }

        Assert.True(_wrong.MayTry(Name(0), Here));
        _wrong.Signed("one more", Here);
        for (var i = 0; _wrong.TryCount(Name(i), Here); i++)
        {
        }

        Assert.False(_wrong.MayTry(Name(0), Here));
        Assert.True(_wrong.MayTry("one more", Here));
    }

    [Fact]
    public void Names_beyond_those_that_are_counted_share_one_count_until_there_is_room()
    {
        for (var i = 0; i < WrongSecrets.CountedMax; i++)
            Assert.True(_wrong.TryCount(Name(i), new IPAddress([10, 0, (byte)(i >> 8), (byte)i])));

        Assert.True(_wrong.TryCount("a", Here) && _wrong.TryCount("b", There) && _wrong.TryCount("c", Here));
        Assert.False(_wrong.MayTry("d", There));
        Assert.True(_wrong.MayTry(Name(0), There));
        _time.Step(TimeSpan.FromSeconds(61));

        Assert.True(_wrong.TryCount("d", There) && _wrong.TryCount("d", There) && _wrong.TryCount("d", There) && _wrong.MayTry("e", There));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void One_network_of_IPv6_is_one_address(string peer, string counted) =>
        Assert.Equal(IPAddress.Parse(counted), PeerAddress.Of(new IPEndPoint(IPAddress.Parse(peer), 1)));

    [Theory]
    [InlineData(MqttProtocolVersion.V500, MqttClientConnectResultCode.QuotaExceeded)]
    [InlineData(MqttProtocolVersion.V311, MqttClientConnectResultCode.ServerUnavailable)]
    public async Task At_the_limit_a_wrong_secret_is_told_so_a_made_one_gets_in_and_open_connections_stay(MqttProtocolVersion version, MqttClientConnectResultCode code)
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: [("Gateway:SignIn:WrongPerNameMax", "2"), ("Gateway:SignIn:WrongPerAddressMax", "100")]);
        using var open = await gateway.ConnectAsync("two", version);

        foreach (var name in (string[])["one", "nobody"])
        {
            Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await SignInAsync(gateway, version, "wrong", name));
            Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await SignInAsync(gateway, version, "wrong", name));
            Assert.Equal(code, await SignInAsync(gateway, version, "wrong", name));
        }

        Assert.Equal(4, gateway.Counters.Reasons["bad-credentials"]);
        Assert.Equal(2, gateway.Counters.Reasons["too-many-secrets"]);
        using (var own = await gateway.ConnectAsync("one", version))
            Assert.True((await RunningGateway.PublishAsync(own, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
        Assert.True((await RunningGateway.PublishAsync(open, "equipment/c2/readings", RunningGateway.Count(1))).IsSuccess);
    }

    [Fact]
    public async Task A_chosen_secret_waits_at_the_limit_and_where_it_signed_in_before_it_does_not()
    {
        await using var gateway = await RunningGateway.StartAsync(_time, settings: [("Gateway:SignIn:WrongPerNameMax", "2"), ("Gateway:SignIn:WrongPerAddressMax", "2"), ("Gateway:SignIn:WindowSeconds", "60")]);
        using (var secrets = new ConnectionSecrets(gateway.Folder))
        {
            secrets.Set("one", "correct horse");
            secrets.Set("two", "battery staple");
        }

        Assert.Equal(MqttClientConnectResultCode.Success, await SignInAsync(gateway, MqttProtocolVersion.V500, "battery staple", "two"));
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await SignInAsync(gateway, MqttProtocolVersion.V500, "wrong horse", "one"));
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await SignInAsync(gateway, MqttProtocolVersion.V500, "wrong horse", "one"));

        Assert.Equal(MqttClientConnectResultCode.QuotaExceeded, await SignInAsync(gateway, MqttProtocolVersion.V500, "correct horse", "one"));
        Assert.Equal(MqttClientConnectResultCode.Success, await SignInAsync(gateway, MqttProtocolVersion.V500, "battery staple", "two"));
        _time.Step(TimeSpan.FromSeconds(31));
        Assert.Equal(MqttClientConnectResultCode.Success, await SignInAsync(gateway, MqttProtocolVersion.V500, "correct horse", "one"));
    }

    private static string Name(int number) => "device-" + number.ToString(CultureInfo.InvariantCulture);

    private static async Task<MqttClientConnectResultCode> SignInAsync(RunningGateway gateway, MqttProtocolVersion version, string secret, string name)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        return (await client.ConnectAsync(gateway.Options(name, version, secret))).ResultCode;
    }
}
