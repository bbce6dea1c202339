using System.Net;
using System.Security.Cryptography.X509Certificates;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Gateway.Accounts;
using Monitoring.Gateway.Intake;
using Monitoring.Gateway.Spaces;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Monitoring.Gateway.Equipment;

/// <summary>Lets a connection of the site in by its name and secret.</summary>
internal sealed class SignIn(SiteFollower site, ConnectionSecrets secrets, WrongSecrets wrong, IntakeRecord record, GatewayLink link)
{
    private static readonly Refusal TooManySecrets = new(RefusalReason.TooManySecrets, "too many wrong secrets of this user name or from its address; a secret that a person chose is looked at again in a while");

    public async Task<SignInVerdict> CheckAsync(MqttConnectPacket connect, X509Certificate2? certificate, IPAddress from, CancellationToken cancellation)
    {
        if (site.Admitting is not { } current)
            return new SignInVerdict(MqttConnectReasonCode.ServerUnavailable, "no site is in force yet; try again");
        if (!link.IsClockKnown)
            return new SignInVerdict(MqttConnectReasonCode.ServerUnavailable, "the replay clock is not known yet; try again");
        if (certificate is not null)
            return CheckCertificate(connect, ClientCertificateName.Of(certificate), current);
        var name = connect.Username ?? "";
        var listed = current.Connections.ContainsKey(name);
        if (await secrets.FitsAsync(name, connect.Password ?? [], () => wrong.MayTry(name, from), cancellation) && listed)
        {
            wrong.Signed(name, from);
            return new SignInVerdict(MqttConnectReasonCode.Success, null);
        }

        if (!wrong.TryCount(name, from))
        {
            record.Refused(TooManySecrets, listed ? name : "", "", 0, []);
            return new SignInVerdict(MqttConnectReasonCode.QuotaExceeded, "too many wrong secrets; try again later");
        }

        // A name that the site does not list may be a password in the wrong field: it is not repeated.
        return Wrong(listed ? name : "", listed ? "the secret does not fit; set a new one with 'monitoring connections secret'" : "the site has no connection of this user name");
    }

    // Signed by an authority of the city: it has been proved who it is, and it speaks for nobody else.
    private SignInVerdict CheckCertificate(MqttConnectPacket connect, string name, AdmittedSite current)
    {
        var listed = current.Connections.ContainsKey(name);
        if (!listed)
            return Wrong("", "the site has no connection of the client certificate's name");
        if (connect.Username is { Length: > 0 } user && user != name)
            return Wrong(name, "the user name is not that of the client certificate; leave it out, or write the same");
        connect.Username = name;
        return new SignInVerdict(MqttConnectReasonCode.Success, null);
    }

    private SignInVerdict Wrong(string connection, string why)
    {
        record.Refused(new Refusal(RefusalReason.BadCredentials, why), connection, "", 0, []);
        return new SignInVerdict(MqttConnectReasonCode.BadUserNameOrPassword, "unknown connection or wrong secret");
    }
}

/// <summary>What a sign-in led to.</summary>
/// <param name="Code">MQTT reason code.</param>
/// <param name="Text">Reason string; null for success.</param>
internal sealed record SignInVerdict(MqttConnectReasonCode Code, string? Text);
