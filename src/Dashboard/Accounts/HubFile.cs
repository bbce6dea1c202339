using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Where the data folder is; the dashboard keeps its keys and <c>hub.json</c> there.</summary>
/// <param name="Path">The folder.</param>
internal sealed record DataFolder(string Path);

/// <summary>Writes <c>hub.json</c> while the hub runs: where it listens, and the token for commands of whoever can read the data folder.</summary>
internal sealed class HubFile(IServer server, DataFolder folder, LocalAdminToken token, IConfiguration configuration, ILogger<HubFile> log) : IHostedLifecycleService
{
    private readonly string _file = Path.Combine(folder.Path, "hub.json");
    private bool _written;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (AddressOf(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [], configuration["Hub:Urls"]) is not { } address)
            return Task.CompletedTask;
        PrivateFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(new { address, token = token.Value }));
        _written = true;
        log.HubFileWritten(_file, address);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_written)
            File.Delete(_file);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The address to call: of those bound, the one whose port stands in the setting <c>Hub:Urls</c>, since MQTT's port is in the list too.</summary>
    internal static string? AddressOf(ICollection<string> bound, string? urls)
    {
        var ports = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => BindingAddress.Parse(url).Port).ToHashSet();
        var addresses = bound.Select(BindingAddress.Parse).ToList();
        var chosen = addresses.Find(address => ports.Contains(address.Port)) ?? addresses.FirstOrDefault();
        if (chosen is null)
            return null;
        var host = chosen.Host is "+" or "*" or "0.0.0.0" or "[::]" or "localhost" ? "127.0.0.1" : chosen.Host;
        return $"{chosen.Scheme}://{host}:{chosen.Port}";
    }
}
