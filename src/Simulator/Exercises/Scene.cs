using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Equipment;

namespace Monitoring.Simulator.Exercises;

/// <summary>What happens in the city for a while: who goes where, and what breaks. It begins and ends calm, and is played again and again.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">How long it lasts.</param>
/// <param name="Fills">Zones that fill.</param>
/// <param name="Surges">Lines over which people stream.</param>
/// <param name="Faults">What breaks.</param>
internal sealed record Scene(string Name, TimeSpan Length, IReadOnlyList<ZoneFill> Fills, IReadOnlyList<LineSurge> Surges, IReadOnlyList<DeviceFault> Faults)
{
    /// <summary>Scenes one after the other, as one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="scenes">The scenes.</param>
    public static Scene InTurn(string name, params IReadOnlyList<Scene> scenes)
    {
        var all = new Scene(name, TimeSpan.Zero, [], [], []);
        foreach (var scene in scenes)
        {
            var by = all.Length;
            all = new Scene(
                name,
                all.Length + scene.Length,
                [.. all.Fills, .. scene.Fills.Select(fill => fill with { When = fill.When.Later(by) })],
                [.. all.Surges, .. scene.Surges.Select(surge => surge with { When = surge.When.Later(by) })],
                [.. all.Faults, .. scene.Faults.Select(fault => fault with { From = fault.From + by })]);
        }

        return all;
    }
}
