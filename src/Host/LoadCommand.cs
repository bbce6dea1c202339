using System.CommandLine;
using System.Text.Json;
using Monitoring.Simulator.Intake;

namespace Monitoring.Host;

/// <summary><c>monitoring load</c>: the load generator.</summary>
internal sealed class LoadCommand
{
    private readonly Option<string> _mqtt = new("--mqtt") { Description = "MQTT listener of the hub, HOST:PORT; this machine only", DefaultValueFactory = _ => "127.0.0.1:1883" };
    private readonly Option<string> _devices = new("--devices") { Description = "Principals: a file in the form of demo-devices.json", Required = true };
    private readonly Option<int?> _connections = new("--connections") { Description = "Connections (default: one for each principal)" };
    private readonly Option<int> _inFlight = new("--in-flight") { Description = "Unacknowledged messages of each connection", DefaultValueFactory = _ => 20 };
    private readonly Option<double> _rate = new("--rate") { Description = "Messages per second, all together; 0: no limit" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "Length of the run", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var load = new LoadCommand();
        var command = new Command("load", "Send load to a hub on this machine, and measure it")
        {
            load._mqtt, load._devices, load._connections, load._inFlight, load._rate, load._seconds, load._json,
        };
        command.SetAction(load.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            var result = await LoadRun.RunAsync(
                new LoadOptions
                {
                    Mqtt = MqttEndpoint.Parse(parsed.GetRequiredValue(_mqtt)) ?? throw new HubRefusal(ExitCode.WrongUsage, "--mqtt is not HOST:PORT: write, for example, 127.0.0.1:1883"),
                    Principals = LoadPrincipal.ReadAll(await File.ReadAllTextAsync(parsed.GetRequiredValue(_devices), cancellation)),
                    Connections = parsed.GetValue(_connections),
                    InFlight = parsed.GetValue(_inFlight),
                    Rate = parsed.GetValue(_rate),
                    Seconds = parsed.GetValue(_seconds),
                },
                TimeProvider.System,
                cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(_json) ? result.ToJson() : result.ToText());
            return result.Acked > 0
                ? ExitCode.Fine
                : throw new HubRefusal(ExitCode.WrongInput, "nothing was accepted: each device needs a channel 'load' that counts over a line, and GET /api/intake/rejected says why");
        }
        catch (LoadInputException wrong)
        {
            throw new HubRefusal(ExitCode.WrongInput, wrong.Message);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"{parsed.GetValue(_devices)} cannot be read as a list of connections: {fault.Message}");
        }
    }
}
