using Monitoring.Domain.Intake;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Equipment;

/// <summary>One message of a simulated device, and what it means by it: tests compare what the hub makes of the one with the other.</summary>
/// <param name="Device">Id of the device.</param>
/// <param name="Readings">What it means; empty for a heartbeat.</param>
/// <param name="Message">What it sends.</param>
internal sealed record DeviceReport(string Device, IReadOnlyList<Reading> Readings, OutgoingMessage Message);
