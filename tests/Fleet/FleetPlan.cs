namespace Monitoring.Fleet;

/// <summary>What a fleet publishes, and where.</summary>
/// <param name="Port">MQTT port on loopback.</param>
/// <param name="User">Name of the connection in the site.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Clients">MQTT connections, each with its messages.</param>
public sealed record FleetPlan(int Port, string User, string Secret, IReadOnlyList<PlannedClient> Clients);

/// <summary>One MQTT connection.</summary>
/// <param name="Name">Client id.</param>
/// <param name="InFlight">Most messages that wait for their acknowledgement, 1 or more. With 1 the order is kept, whatever happens.</param>
/// <param name="PerSecond">Messages that it begins to send in a second; 0 for as many as go.</param>
/// <param name="Messages">Its messages, in order.</param>
public sealed record PlannedClient(string Name, int InFlight, double PerSecond, IReadOnlyList<PlannedMessage> Messages);

/// <summary>One message.</summary>
/// <param name="Number">Its number in the plan; another message with the same body is a repeat and has a number of its own.</param>
/// <param name="Topic">Topic.</param>
/// <param name="Body">Payload.</param>
public sealed record PlannedMessage(int Number, string Topic, string Body);
