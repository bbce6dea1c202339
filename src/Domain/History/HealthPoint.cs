namespace Monitoring.Domain.History;

/// <summary>How one device was at an instant of a fixed schedule. Nothing in it depends on people: neither its instant nor its fields.</summary>
/// <param name="Space">The space.</param>
/// <param name="Device">The device.</param>
/// <param name="At">UTC instant of the schedule, not of a message.</param>
/// <param name="State">A fixed word: <c>ok</c>, <c>silent</c>, <c>never-heard</c>.</param>
/// <param name="SilentSeconds">Since its last heartbeat or scheduled sign, whole seconds; null where there was none.</param>
/// <param name="Values">Health values that a device sends on its own schedule, by name: <c>batteryPercent</c>, <c>temperatureC</c>, <c>uptimeSeconds</c>.</param>
public sealed record HealthPoint(string Space, string Device, DateTimeOffset At, string State, long? SilentSeconds, IReadOnlyDictionary<string, double> Values);
