using Monitoring.Domain.Intake;
using MQTTnet.Protocol;

namespace Monitoring.Gateway.Equipment;

/// <summary>How a refusal is told to an MQTT 5 client (docs/reference/mqtt.md).</summary>
internal static class ReasonCodes
{
    public static MqttPubAckReasonCode Of(RefusalReason reason) => reason switch
    {
        RefusalReason.NotAuthorized => MqttPubAckReasonCode.NotAuthorized,
        RefusalReason.TopicInvalid => MqttPubAckReasonCode.TopicNameInvalid,
        RefusalReason.CannotKeep or RefusalReason.RateExceeded => MqttPubAckReasonCode.QuotaExceeded,
        _ => MqttPubAckReasonCode.PayloadFormatInvalid,
    };
}
