using Monitoring.Harness;
using MQTTnet;

namespace Monitoring.Host.Tests.Intake;

public sealed class ImportedSiteTests
{
    [Fact]
    public async Task A_connection_that_an_import_takes_out_does_not_get_in_while_the_hub_starts()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var site = folder.Write("site.yaml", FixtureSites.Square(1, 600));
        await using var before = await HubUnderTest.StartSiteAsync(folder.File("data"), site, cancellation);
        var secret = before.Secret("stranger");
        await (await Publisher.ConnectAsync(before.Ports.Mqtt, "stranger", secret, cancellation)).DisposeAsync();
        await before.KillAsync();
        folder.Write("site.yaml", FixtureSites.Square(1, 600).Replace("name: stranger", "name: another", StringComparison.Ordinal));

        var answers = KnockAsync(before.Ports.Mqtt, secret, cancellation);
        await using var hub = await HubUnderTest.StartAsync(folder.File("data"), ["serve", "--site", site, "--import-site"], cancellation, before.Ports);

        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, await answers);
        await (await Publisher.ConnectAsync(hub.Ports.Mqtt, "another", hub.Secret("another"), cancellation)).DisposeAsync();
    }

    // Until the hub says that it does not know the connection, or lets it in.
    private static async Task<MqttClientConnectResultCode> KnockAsync(int port, string secret, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using var publisher = await Publisher.ConnectAsync(port, "stranger", secret, cancellation);
                return MqttClientConnectResultCode.Success;
            }
            catch (SignInRefusedException refused) when (refused.Code != MqttClientConnectResultCode.ServerUnavailable)
            {
                return refused.Code;
            }
            catch (Exception notYet) when (notYet is not OperationCanceledException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellation);
            }
        }
    }
}
