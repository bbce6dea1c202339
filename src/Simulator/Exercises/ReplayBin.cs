namespace Monitoring.Simulator.Exercises;

/// <summary>One interval of recorded counts and the devices that were alive in it.</summary>
/// <param name="Start">UTC start, included.</param>
/// <param name="End">UTC end, excluded.</param>
/// <param name="Counts">What was counted.</param>
/// <param name="Alive">Ids of the devices that send a heartbeat at the end.</param>
/// <param name="Back">Ids of those that send one at the start too: nothing before it vouches for this bin.</param>
public sealed record ReplayBin(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<ReplayCount> Counts, IReadOnlyList<string> Alive, IReadOnlyList<string> Back);

/// <summary>Passages of one bin and channel.</summary>
/// <param name="Device">Device id.</param>
/// <param name="Channel">Channel of that device.</param>
/// <param name="In">Passages inward, 0 or more.</param>
/// <param name="Out">Passages outward, 0 or more.</param>
public sealed record ReplayCount(string Device, string Channel, int In, int Out);
