using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>Roles as processes of their own: each is killed, and what was accepted is counted once.</summary>
public sealed class KilledGatewayAndSiloTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_gateway_accepts_and_journals_while_the_silo_is_dead_and_nothing_counts_twice_afterwards()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var roles = await SplitHub.StartAsync(folder, cancellation);
        using var watching = await roles.Dashboard.OperatorAsync(cancellation);
        var secret = await roles.Dashboard.SecretAsync("square", cancellation);

        await SendAsync(roles, secret, 3, cancellation);
        await Waiting.UntilAsync("3 counted", async () => await InAsync(watching, cancellation) == 3, Soon, cancellation);

        await roles.Silo.KillAsync();
        await SendAsync(roles, secret, 5, cancellation);

        // A gateway that starts while the silo is away still knows the site, signs equipment in and keeps what it sends.
        await roles.Gateway.KillAsync();
        await roles.Gateway.StartAgainAsync(cancellation);
        await SendAsync(roles, secret, 7, cancellation);

        await roles.Silo.StartAgainAsync(cancellation);
        await Waiting.UntilAsync("all 15 counted, once", async () => await InAsync(watching, cancellation) == 15, Soon, cancellation);

        // What the silo had applied but not saved when it was killed is handed over again.
        await SendAsync(roles, secret, 4, cancellation);
        await roles.Silo.KillAsync();
        await roles.Silo.StartAgainAsync(cancellation);
        await SendAsync(roles, secret, 2, cancellation);
        await Waiting.UntilAsync("all 21 counted, once", async () => await InAsync(watching, cancellation) == 21, Soon, cancellation);
    }

    private static async Task<long> InAsync(HttpClient watching, CancellationToken cancellation) =>
        (await watching.SpaceAsync("square", cancellation)).Lines[0].Day.In;

    private static async Task SendAsync(SplitHub roles, string secret, int messages, CancellationToken cancellation)
    {
        await using var publisher = await Publisher.ConnectAsync(roles.Gateway.Ports.Mqtt, "square", secret, cancellation);
        for (var i = 0; i < messages; i++)
            await publisher.CountAsync(1, 1, 0, cancellation);
    }
}
