using Monitoring.Simulator.Intake;

namespace Monitoring.Simulator.Exercises;

/// <summary>The connections of a simulated city, each with its own secret; a message takes the one that has its topic.</summary>
internal sealed class CityLinks : IMessageLink, IAsyncDisposable
{
    private readonly List<MqttLink> _links = [];
    private readonly Dictionary<string, MqttLink> _linkOf = new(StringComparer.Ordinal);

    /// <summary>Opens none of them yet.</summary>
    /// <param name="city">The city; a connection without a secret is left out.</param>
    /// <param name="time">The wall clock.</param>
    public CityLinks(PilotCitySetup city, TimeProvider time)
    {
        foreach (var connection in city.Site.Connections.Where(connection => city.Secrets.ContainsKey(connection.Name)))
        {
            var link = new MqttLink(city.Endpoint, connection.Name, city.Secrets[connection.Name], $"city-{connection.Name}", time);
            _links.Add(link);
            foreach (var topic in connection.Topics)
                _linkOf[topic] = link;
        }
    }

    /// <inheritdoc/>
    public int ReceiveMaximum => _links.Min(link => link.ReceiveMaximum);

    /// <summary>Whether a message has a way.</summary>
    /// <param name="message">The message.</param>
    public bool Takes(OutgoingMessage message) => _linkOf.ContainsKey(message.Topic);

    /// <inheritdoc/>
    public async Task ConnectAsync(CancellationToken cancellation)
    {
        foreach (var link in _links)
            await link.ConnectAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task<PublishFate> PublishAsync(OutgoingMessage message, CancellationToken cancellation) => _linkOf[message.Topic].PublishAsync(message, cancellation);

    /// <inheritdoc/>
    public Task DropAsync() => Task.WhenAll(_links.Select(link => link.DropAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync();
    }
}
