using Monitoring.Domain.Equipment;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Equipment;

/// <summary>Columns by which the equipment can be sorted.</summary>
internal enum EquipmentColumn
{
    /// <summary>Worst first.</summary>
    State,

    /// <summary>Name of the device.</summary>
    Device,

    /// <summary>Kind.</summary>
    Kind,

    /// <summary>Name of the space.</summary>
    Space,

    /// <summary>Last arrival, longest ago first.</summary>
    Link,

    /// <summary>Last heartbeat, longest ago first.</summary>
    Heartbeat,

    /// <summary>Last measurement, or overdue first.</summary>
    Measurement,

    /// <summary>Battery, lowest first.</summary>
    Battery,
}

/// <summary>A device in the list, with its space.</summary>
/// <param name="Device">The device.</param>
/// <param name="SpaceName">Name of its space.</param>
/// <param name="IsLive">Whether its space answers.</param>
public sealed record EquipmentLine(DeviceStatus Device, string SpaceName, bool IsLive);

/// <summary>What a person wants to see of the equipment, as it stands in the address of the page.</summary>
/// <param name="Text">Part of a name or id; empty for all.</param>
/// <param name="State">One state; null for all.</param>
/// <param name="Kind">One kind; null for all.</param>
/// <param name="Space">Id of one space; null for all.</param>
/// <param name="Sort">Column.</param>
/// <param name="IsDown">Whether the order is turned round.</param>
/// <param name="Page">Page, from 1.</param>
internal sealed record EquipmentFilter(string Text, DeviceCondition? State, DeviceKind? Kind, string? Space, EquipmentColumn Sort, bool IsDown, int Page)
{
    /// <summary>Most characters of the text.</summary>
    public const int TextMax = 80;

    /// <summary>Reads what stands in the address; what is not understood is left out.</summary>
    public static EquipmentFilter Of(string? text, string? state, string? kind, string? space, string? sort, string? order, int? page) => new(
        (text ?? "").Trim() is { Length: <= TextMax } known ? known : "",
        ByName<DeviceCondition>(state),
        ByName<DeviceKind>(kind),
        string.IsNullOrEmpty(space) ? null : space,
        ByName<EquipmentColumn>(sort) ?? EquipmentColumn.State,
        order == "down",
        Math.Max(1, page ?? 1));

    /// <summary>As it stands in the address, with its question mark; empty where nothing is chosen.</summary>
    public string ToQuery()
    {
        List<(string Name, string? Value)> parts =
        [
            ("q", Text.Length > 0 ? Text : null),
            ("state", State is { } state ? DeviceWords.Of(state) : null),
            ("kind", Kind is { } kind ? DeviceWords.Of(kind) : null),
            ("space", Space),
            ("sort", Sort == EquipmentColumn.State ? null : DeviceWords.Of(Sort)),
            ("order", IsDown ? "down" : null),
            ("page", Page > 1 ? Page.ToString(System.Globalization.CultureInfo.InvariantCulture) : null),
        ];
        var query = string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length > 0 ? $"?{query}" : "";
    }

    /// <summary>Whether a device fits everything but the state, which the counts above the list are by.</summary>
    public bool FitsButState(EquipmentLine line) =>
        (Kind is null || line.Device.Kind == Kind)
        && (Space is null || line.Device.Space == Space)
        && (Text.Length == 0 || Holds(line.Device.Name) || Holds(line.Device.Id) || Holds(line.SpaceName) || line.Device.Reasons.Any(reason => Holds(EquipmentWords.Reason(reason))));

    /// <summary>The lines that fit, in order.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="isSummary">Whether the person is shown when a device last measured. To others the order must not tell it either: it follows single passages.</param>
    public IEnumerable<EquipmentLine> Of(IEnumerable<EquipmentLine> lines, bool isSummary)
    {
        var fitting = lines.Where(line => FitsButState(line) && (State is null || line.Device.State == State));
        var sorted = Sort switch
        {
            EquipmentColumn.Device => By(fitting, line => line.Device.Name, StringComparer.OrdinalIgnoreCase),
            EquipmentColumn.Kind => By(fitting, line => line.Device.Kind.Word(), StringComparer.Ordinal),
            EquipmentColumn.Space => By(fitting, line => line.SpaceName, StringComparer.OrdinalIgnoreCase),
            EquipmentColumn.Link => By(fitting, line => line.Device.LinkAt ?? DateTimeOffset.MinValue),
            EquipmentColumn.Heartbeat => By(fitting, line => line.Device.HeartbeatAt ?? DateTimeOffset.MinValue),
            EquipmentColumn.Measurement => By(fitting, line => (line.Device.Measurement == "overdue" ? 0 : 1, isSummary ? line.Device.MeasurementAt ?? DateTimeOffset.MinValue : default)),
            EquipmentColumn.Battery => By(fitting, line => line.Device.BatteryPercent ?? double.MaxValue),
            _ => By(fitting, line => -line.Device.State.Weight()),
        };
        return sorted.ThenByDescending(line => line.Device.State.Weight()).ThenBy(line => line.SpaceName, StringComparer.Ordinal).ThenBy(line => line.Device.Name, StringComparer.Ordinal).ThenBy(line => line.Device.Id, StringComparer.Ordinal);
    }

    private IOrderedEnumerable<EquipmentLine> By<T>(IEnumerable<EquipmentLine> lines, Func<EquipmentLine, T> key, IComparer<T>? comparer = null) =>
        IsDown ? lines.OrderByDescending(key, comparer) : lines.OrderBy(key, comparer);

    private bool Holds(string text) => text.Contains(Text, StringComparison.OrdinalIgnoreCase);

    private static T? ByName<T>(string? name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (DeviceWords.Of(value) == name)
                return value;
        }

        return null;
    }
}
