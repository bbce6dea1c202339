namespace Monitoring.Domain.Intake;

/// <summary>Why a message was refused at the door. The name in lower kebab case is its name in counters, lists and metrics.</summary>
public enum RefusalReason
{
    /// <summary>The connection may not publish to this topic.</summary>
    NotAuthorized,

    /// <summary>The topic is not a topic name: a wildcard, a control character, broken UTF-8, too long.</summary>
    TopicInvalid,

    /// <summary>The payload or packet is over its limit.</summary>
    TooLarge,

    /// <summary>The payload is not what the profile describes.</summary>
    PayloadFormat,

    /// <summary>A value is outside of what can be.</summary>
    ValueOutOfRange,

    /// <summary>The device or channel is not in the site.</summary>
    UnknownDevice,

    /// <summary>Quality of service 2 (or the reserved 3), which this hub does not offer.</summary>
    QosNotSupported,

    /// <summary>The journal cannot keep it now.</summary>
    CannotKeep,

    /// <summary>The packet breaks MQTT: a half packet, a first packet that is no CONNECT, an alias.</summary>
    Protocol,

    /// <summary>Sign-in failed: unknown connection or wrong secret.</summary>
    BadCredentials,

    /// <summary>Equipment may not subscribe.</summary>
    Subscribe,

    /// <summary>Sign-in failed after too many wrong secrets of this name or from this address; the secret may not have been looked at.</summary>
    TooManySecrets,

    /// <summary>The device sends more messages than it may in this time.</summary>
    RateExceeded,
}
