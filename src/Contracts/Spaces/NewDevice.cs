namespace Monitoring.Contracts.Spaces;

/// <summary>A device to be entered into a site document; the fields are those of <c>devices</c> in site.yaml.</summary>
/// <param name="Id">Id, unique in the site.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Kind">What it is, as site.yaml spells it: <c>counting-camera</c>.</param>
/// <param name="Profile">Name of its profile.</param>
/// <param name="Address">Its name in messages and topics; null where that is the id.</param>
/// <param name="Purpose"><c>live</c> or <c>statistics</c>; null for live.</param>
/// <param name="IntervalSeconds">Expected time between two signs of life, seconds.</param>
/// <param name="Parameters">Values for its profile.</param>
/// <param name="Channels">Its channels.</param>
public sealed record NewDevice(
    string Id,
    string Name,
    string Kind,
    string Profile,
    string? Address,
    string? Purpose,
    double IntervalSeconds,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters,
    IReadOnlyList<NewChannel> Channels);

/// <summary>A channel of a device to be entered.</summary>
/// <param name="Name">Name as it stands in messages.</param>
/// <param name="Line">Line that it counts over; null for none.</param>
/// <param name="Zone">Zone that it observes; null for none.</param>
public sealed record NewChannel(string Name, string? Line, string? Zone);
