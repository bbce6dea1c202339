using System.Text.Json;
using Monitoring.Contracts.Intake;

namespace Monitoring.Dashboard.Equipment;

/// <summary>A pending device to be entered into the site; the fields are those of <c>devices</c> in site.yaml.</summary>
/// <param name="Space">Id of the space it stands in.</param>
/// <param name="Id">Id, unique in the site.</param>
/// <param name="Name">Name for people; left out: the id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Profile">Name of its profile; left out: native.</param>
/// <param name="Address">Its name in messages and topics; left out: the id.</param>
/// <param name="Purpose">live or statistics; left out: live.</param>
/// <param name="IntervalSeconds">Expected time between two signs of life, 1 to 86,400 s.</param>
/// <param name="Parameters">Values for its profile, each a text or a list of texts. <c>topic</c> is filled in where the profile needs it.</param>
/// <param name="Channels">Its channels, 1 to <see cref="AdoptCheck.ChannelsMax"/>.</param>
/// <param name="SiteVersion">Version of the site that the person saw; left out: that of now.</param>
internal sealed record AdoptRequest(
    string? Space,
    string? Id,
    string? Name,
    string? Kind,
    string? Profile,
    string? Address,
    string? Purpose,
    double? IntervalSeconds,
    IReadOnlyDictionary<string, JsonElement>? Parameters,
    IReadOnlyList<AdoptChannel>? Channels,
    int? SiteVersion);

/// <summary>A channel of a device to adopt, and what it observes: a line, a zone, or neither for the device itself.</summary>
internal sealed record AdoptChannel(string? Name, string? Line, string? Zone);

/// <summary>A device that was adopted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Space">The space it stands in.</param>
/// <param name="SiteVersion">The version of the site that has it.</param>
public sealed record AdoptedDevice(string Id, string Space, int SiteVersion);

/// <summary>What became of the wish to adopt.</summary>
internal enum AdoptOutcome
{
    /// <summary>It is in the stored site.</summary>
    Adopted,

    /// <summary>Something in the request does not fit.</summary>
    Invalid,

    /// <summary>No such device waits.</summary>
    Gone,

    /// <summary>The site was changed meanwhile.</summary>
    Changed,

    /// <summary>The site has a device of this id, or has this one already.</summary>
    Taken,

    /// <summary>The role adopts no devices, or sees only part of the site.</summary>
    NotAllowed,
}

/// <summary>The answer to a person who adopts.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Text">What happened or what to do.</param>
/// <param name="Device">The device, where it was adopted.</param>
/// <param name="Errors">What does not fit, by field.</param>
internal sealed record AdoptAnswer(AdoptOutcome Outcome, string Text, AdoptedDevice? Device = null, IReadOnlyDictionary<string, string[]>? Errors = null);

/// <summary>A pending device as the API tells it; <paramref name="Messages"/> is one, few or many.</summary>
internal sealed record PendingView(
    string Id,
    string Connection,
    string Topic,
    string Device,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    string Messages,
    string Form,
    IReadOnlyList<PendingField> Fields,
    bool IsCut,
    IReadOnlyList<PendingSight> Sights,
    int SiteVersion)
{
    public static PendingView Of(PendingDevice device, int siteVersion) => new(
        device.Id, device.Connection, device.Topic, device.Device, device.FirstSeen, device.LastSeen, EquipmentWords.Messages(device), device.Form, device.Fields, device.IsCut, device.Sights, siteVersion);
}
