using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>What the simulated city needs to run.</summary>
/// <param name="Site">The site whose equipment is played.</param>
/// <param name="Endpoint">The hub's MQTT listener.</param>
/// <param name="Secrets">Secret of each connection by name. A connection without one is not played.</param>
/// <param name="Seed">Seed of all chance in the city.</param>
/// <param name="Scene">Name of the scene that is played, one of <see cref="Scenes.Names"/>.</param>
public sealed record PilotCitySetup(Site Site, MqttEndpoint Endpoint, IReadOnlyDictionary<string, string> Secrets, int Seed, string Scene = Scenes.Programme);
