using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Formatter;

namespace Monitoring.Gateway.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = RunningGateway.NewFolder();
    private readonly TestCity _city;

    public TlsTests()
    {
        _city = new TestCity(_folder);
        _city.IssueToHub();
    }

    public void Dispose()
    {
        _city.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_secret_signs_in_over_TLS_beside_plain_MQTT_on_the_machine_itself()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: _city.Settings);
        using var far = await ConnectAsync(gateway, "two", gateway.Secrets["two"]);
        using var near = await gateway.ConnectAsync("one");

        Assert.True((await RunningGateway.PublishAsync(far, "equipment/c2/readings", RunningGateway.Count(1))).IsSuccess);
        Assert.True((await RunningGateway.PublishAsync(near, RunningGateway.Own, RunningGateway.Count(1))).IsSuccess);
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await SignInAsync(gateway, "two", "wrong"));
    }

    [Fact]
    public async Task A_client_certificate_signs_in_as_the_connection_of_its_name_and_as_no_other()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: _city.Settings);
        using var certificate = _city.IssueToDevice("O=City, CN=two");
        using var client = await ConnectAsync(gateway, null, null, certificate);

        Assert.True((await RunningGateway.PublishAsync(client, "equipment/c2/readings", RunningGateway.Count(1))).IsSuccess);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await RunningGateway.PublishAsync(client, RunningGateway.Own, RunningGateway.Count(1))).ReasonCode);
        Assert.Equal(MqttClientConnectResultCode.Success, await SignInAsync(gateway, "two", "no secret", certificate));

        // Not even with the other's secret: the certificate says who it is.
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await SignInAsync(gateway, "one", gateway.Secrets["one"], certificate));
        Assert.Equal("two", gateway.Rejected[0].Connection);
    }

    [Theory]
    [InlineData("CN=nobody")]
    [InlineData("CN=TWO")]
    [InlineData("O=two")]
    [InlineData("CN=two, CN=one")]
    public async Task A_certificate_of_another_name_does_not_get_in(string subject)
    {
        await using var gateway = await RunningGateway.StartAsync(settings: _city.Settings);
        using var certificate = _city.IssueToDevice(subject);

        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await SignInAsync(gateway, null, null, certificate));
        Assert.Equal("", Assert.Single(gateway.Rejected).Connection);
    }

    [Theory]
    [InlineData("another authority")]
    [InlineData("the hub's purpose")]
    [InlineData("it has ended")]
    public async Task A_certificate_that_is_not_good_ends_the_handshake(string because)
    {
        await using var gateway = await RunningGateway.StartAsync(settings: _city.Settings);
        using var other = new TestCity(Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName);
        using var certificate = because switch
        {
            "another authority" => other.IssueToDevice("CN=two"),
            "the hub's purpose" => _city.IssueToDevice("CN=two", "1.3.6.1.5.5.7.3.1"),
            _ => _city.IssueToDevice("CN=two", days: -1),
        };

        await Assert.ThrowsAnyAsync<Exception>(() => SignInAsync(gateway, "two", gateway.Secrets["two"], certificate));
        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
        Assert.Equal(MqttClientConnectResultCode.Success, await SignInAsync(gateway, "two", gateway.Secrets["two"]));
    }

    [Fact]
    public async Task Changed_files_are_in_force_for_the_next_handshake_and_broken_ones_are_not()
    {
        await using var gateway = await RunningGateway.StartAsync(settings: _city.Settings);
        using var open = await ConnectAsync(gateway, "two", gateway.Secrets["two"]);
        var before = await ThumbprintAsync(gateway);

        var next = _city.IssueToHub();
        Assert.NotEqual(before, next);
        Assert.Equal(next, await ThumbprintAsync(gateway));
        await File.WriteAllTextAsync(_city.CertificateFile, "no certificate", TestContext.Current.CancellationToken);
        Assert.Equal(next, await ThumbprintAsync(gateway));

        var last = _city.IssueToHub();
        Assert.Equal(last, await ThumbprintAsync(gateway));
        Assert.True((await RunningGateway.PublishAsync(open, "equipment/c2/readings", RunningGateway.Count(1))).IsSuccess);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01 })]
    public async Task A_handshake_that_does_not_end_is_counted_and_closed(byte[] begun)
    {
        using var counted = new CountedMetric("monitoring.intake.closed", "handshake");
        await using var gateway = await RunningGateway.StartAsync(settings: [.. _city.Settings, ("Gateway:Tls:HandshakeSeconds", "1")]);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Health.MqttsPort!.Value, TestContext.Current.CancellationToken);
        await RunningGateway.Until(() => gateway.Health.Connections == 1, "the connection to be counted");
        await socket.SendAsync(begun, TestContext.Current.CancellationToken);

        await RunningGateway.UntilClosedAsync(socket);
        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the connection to end");
        Assert.Equal(1, counted.Count);
        using var good = await ConnectAsync(gateway, "two", gateway.Secrets["two"]);
        await good.DisconnectAsync(cancellationToken: TestContext.Current.CancellationToken);
        await RunningGateway.Until(() => gateway.Health.Connections == 0, "the good connection to end");
        Assert.Equal(1, counted.Count);
    }

    [Theory]
    [InlineData("Gateway:Tls:KeyFile")]
    [InlineData("Gateway:Tls:CertificateFile")]
    [InlineData("Gateway:Tls:ClientAuthorityFile")]
    public async Task Files_that_are_not_there_are_said_at_the_start(string setting)
    {
        var settings = _city.Settings.Select(entry => entry.Item1 == setting ? (setting, Path.Combine(_folder, "missing.pem")) : entry).ToArray();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningGateway.StartAsync(settings: settings));

        Assert.Contains("missing.pem", fault.Message, StringComparison.Ordinal);
    }

    private async Task<IMqttClient> ConnectAsync(RunningGateway gateway, string? user, string? secret, X509Certificate2? certificate = null)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(Options(gateway, user, secret, certificate));
        return client;
    }

    private async Task<MqttClientConnectResultCode> SignInAsync(RunningGateway gateway, string? user, string? secret, X509Certificate2? certificate = null)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        return (await client.ConnectAsync(Options(gateway, user, secret, certificate))).ResultCode;
    }

    private MqttClientOptions Options(RunningGateway gateway, string? user, string? secret, X509Certificate2? certificate)
    {
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", gateway.Health.MqttsPort!.Value)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId("tls")
            .WithTimeout(TimeSpan.FromSeconds(30))
            .WithTlsOptions(tls => tls
                .UseTls()
                .WithTrustChain([_city.Authority])
                .WithRevocationMode(X509RevocationMode.NoCheck)
                .WithClientCertificates(certificate is null ? [] : [certificate]));
        return (user is null ? options : options.WithCredentials(user, secret)).Build();
    }

    private async Task<string> ThumbprintAsync(RunningGateway gateway)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gateway.Health.MqttsPort!.Value, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_city.Authority);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = policy }, TestContext.Current.CancellationToken);
        Assert.True(tls.SslProtocol >= SslProtocols.Tls12);
        using var certificate = new X509Certificate2(tls.RemoteCertificate!);
        return certificate.Thumbprint;
    }
}
