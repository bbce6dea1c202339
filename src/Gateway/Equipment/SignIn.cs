using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Accounts;
using Monitoring.Gateway.Intake;
using Monitoring.Gateway.Spaces;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Monitoring.Gateway.Equipment;

/// <summary>Lets a connection of the site in by its name and secret.</summary>
internal sealed class SignIn(SiteFollower site, ConnectionSecrets secrets, IntakeRecord record, GatewayLink link)
{
    public async Task<SignInVerdict> CheckAsync(MqttConnectPacket connect, CancellationToken cancellation)
    {
        if (site.Current is not { } current)
            return new SignInVerdict(MqttConnectReasonCode.ServerUnavailable, "no site is known yet; try again");
        if (!link.IsClockKnown)
            return new SignInVerdict(MqttConnectReasonCode.ServerUnavailable, "the replay clock is not known yet; try again");
        var name = connect.Username ?? "";
        var listed = current.Connections.ContainsKey(name);
        if (await secrets.FitsAsync(name, connect.Password ?? [], cancellation) && listed)
            return new SignInVerdict(MqttConnectReasonCode.Success, null);

        // A name that the site does not list may be a password in the wrong field: it is not repeated.
        var refusal = new Refusal(RefusalReason.BadCredentials, listed ? "the secret does not fit; set a new one with 'monitoring connections secret'" : "the site has no connection of this user name");
        record.Refused(refusal, listed ? name : "", "", 0, []);
        return new SignInVerdict(MqttConnectReasonCode.BadUserNameOrPassword, "unknown connection or wrong secret");
    }
}

/// <summary>What a sign-in led to.</summary>
/// <param name="Code">MQTT reason code.</param>
/// <param name="Text">Reason string; null for success.</param>
internal sealed record SignInVerdict(MqttConnectReasonCode Code, string? Text);
