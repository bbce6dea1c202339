using System.Text.Json;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>A mark of a device on the plan. It stands at what the device observes: the site does not say where equipment hangs.</summary>
/// <param name="Id">Id on the plan: a device that observes two things has two marks.</param>
/// <param name="Device">The device.</param>
/// <param name="Observes">What it observes there, in words.</param>
/// <param name="At">Middle of a line or of barrier elements, centroid of a zone.</param>
internal sealed record DeviceMark(string Id, Device Device, string Observes, GeoPoint At)
{
    /// <summary>Marks of all live equipment; none for a device that observes nothing with a place.</summary>
    public static IReadOnlyList<DeviceMark> Of(PublicSpace place) =>
        [.. Live(place).SelectMany(device => Observed(place, device).Where(thing => thing.At is not null).Select(thing => new DeviceMark($"{device.Id}/{thing.Key}", device, thing.Name, thing.At!.Value)))];

    /// <summary>Live equipment that has no mark.</summary>
    public static IReadOnlyList<Device> Unplaced(PublicSpace place) => [.. Live(place).Where(device => Observed(place, device).All(thing => thing.At is null))];

    /// <summary>The words of one device in the list beside the plan: what it is, what it observes, and whether the plan shows it.</summary>
    public static string Words(PublicSpace place, string id)
    {
        if (place.Devices.FirstOrDefault(device => device.Id == id) is not { } device)
            return "";
        var things = Observed(place, device).ToList();
        var observes = things.Count == 0 ? "" : $", observes {string.Join(" and ", things.Select(thing => thing.Name))}";
        return $"{Word(device.Kind)}{observes}{(things.Any(thing => thing.At is not null) ? "" : ", not on the plan")}";
    }

    /// <summary>The sign of a kind, in a box of 16: a way between posts, a camera, a post, a boom, bars of sound.</summary>
    public static string Sign(DeviceKind kind) => kind switch
    {
        DeviceKind.Counter => "M3 3v10M13 3v10M5 8h6M8.5 5.5 11 8l-2.5 2.5",
        DeviceKind.CountingCamera => "M2 5h8v6.5H2zM10 7.5l4-2v5.5l-4-2",
        DeviceKind.Bollard => "M5 14V5a3 3 0 0 1 6 0v9M5 8h6",
        DeviceKind.Barrier => "M3 14V4M3 6h11.5M7 6 5.5 9M11 6 9.5 9",
        _ => "M2.5 6.5v3M6 4v8M9.5 6v4M13 2.5v11",
    };

    /// <summary>The sign of a state, in a box of 12.</summary>
    public static string Sign(DeviceCondition state) => state switch
    {
        DeviceCondition.Ok => "M2 6.5 5 9.5 10 3",
        DeviceCondition.Degraded => "M6 1.5 11 10.5H1z",
        DeviceCondition.Silent => "M2 2l8 8M10 2l-8 8",
        _ => "M2.5 6h7",
    };

    /// <summary>A state in words.</summary>
    public static string Word(DeviceCondition state) => state switch
    {
        DeviceCondition.Ok => "in order",
        DeviceCondition.Degraded => "degraded",
        DeviceCondition.Silent => "silent",
        _ => "never heard",
    };

    /// <summary>A kind in words: its name in the site without the hyphens.</summary>
    public static string Word(DeviceKind kind) => Name(kind).Replace('-', ' ');

    /// <summary>What the plan shows of each mark now; a device that the space does not know is unknown.</summary>
    public static IEnumerable<PlanItem> Now(IEnumerable<DeviceMark> marks, IReadOnlyList<DeviceStatus> devices)
    {
        var states = devices.ToDictionary(device => device.Id, device => device.State, StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            var known = states.TryGetValue(mark.Device.Id, out var state);
            var sign = !known ? Sign(DeviceCondition.NeverHeard) : state == DeviceCondition.Ok ? "" : Sign(state);
            yield return new("device", mark.Id, known ? Name(state) : "unknown", sign, $"{mark.Device.Name}: {Word(mark.Device.Kind)}, {(known ? Word(state) : "state not known")}; observes {mark.Observes}");
        }
    }

    private static IEnumerable<Device> Live(PublicSpace place) => place.Devices.Where(device => device.Purpose == DevicePurpose.Live);

    private static IEnumerable<(string Key, string Name, GeoPoint? At)> Observed(PublicSpace place, Device device)
    {
        foreach (var channel in device.Channels)
        {
            if (channel.Observes == ChannelSubject.Passages && place.Lines.FirstOrDefault(line => line.Id == channel.Subject) is { } line)
                yield return ($"line/{line.Id}", line.Name, line.Path.Count < 2 ? null : PlanGeometry.Middle(line.Path));
            else if (channel.Observes == ChannelSubject.People && place.Zones.FirstOrDefault(zone => zone.Id == channel.Subject) is { } zone)
                yield return ($"zone/{zone.Id}", zone.Name, zone.Outline.Count < 3 ? null : PlanGeometry.Centroid(zone.Outline));
        }

        foreach (var barrier in place.BarrierLines)
        {
            var own = barrier.Elements.Where(element => element.Device == device.Id).ToList();
            var path = own.SelectMany(element => element.Path).ToList();
            if (own.Count > 0)
                yield return ($"barrier/{barrier.Id}", own.Count == 1 ? own[0].Name : $"{own.Count} elements of {barrier.Name}", path.Count == 0 ? null : PlanGeometry.Middle(path));
        }
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
