using System.CommandLine;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Simulator.Exercises;
using Monitoring.Simulator.Intake;

namespace Monitoring.Host;

/// <summary><c>monitoring replay</c>: plays recorded counts to a hub on the replay clock, over real MQTT.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _counts = new("counts") { Description = "Recorded counts (CSV)" };
    private readonly Option<string> _map = new("--map") { Description = "How its columns become messages: see docs/reference/replay.md", Required = true };
    private readonly Option<double> _speed = new("--speed") { Description = "Virtual seconds per wall second; 0: as fast as the hub accepts" };
    private readonly Option<string> _mqtt = new("--mqtt") { Description = "MQTT listener of the hub, HOST:PORT", Required = true };
    private readonly Option<string> _user = new("--user") { Description = "Connection name; its secret is taken from MONITORING_MQTT_PASSWORD", Required = true };
    private readonly Option<string> _api = new("--api") { Description = "HTTP address of the hub; an admin's token is taken from MONITORING_TOKEN", Required = true };
    private readonly Option<string?> _outages = new("--outages") { Description = "Times without heartbeats (CSV: sensor_id,from,to)" };
    private readonly Option<DateTimeOffset?> _until = new("--until") { Description = "Leave out what ends later, such as 2024-01-18T00:00:00Z" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var replay = new ReplayCommand();
        var command = new Command("replay", "Play recorded counts to a hub that runs with --clock replay")
        {
            replay._counts, replay._map, replay._speed, replay._mqtt, replay._user, replay._api, replay._outages, replay._until,
        };
        command.SetAction(replay.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var options = new ReplayOptions
        {
            CountsFile = parsed.GetRequiredValue(_counts),
            Map = ReadMap(parsed.GetRequiredValue(_map)),
            OutagesFile = parsed.GetValue(_outages),
            Speed = parsed.GetValue(_speed) is var speed and >= 0 and <= 1e9 ? speed : throw new HubRefusal(ExitCode.WrongUsage, "--speed is out of range: use 0 to 1,000,000,000"),
            Mqtt = MqttEndpoint.Parse(parsed.GetRequiredValue(_mqtt)) ?? throw new HubRefusal(ExitCode.WrongUsage, "--mqtt is not HOST:PORT: write, for example, 127.0.0.1:1883"),
            User = parsed.GetRequiredValue(_user),
            Password = FromEnvironment("MONITORING_MQTT_PASSWORD", "the connection's secret"),
            Api = Uri.TryCreate(parsed.GetRequiredValue(_api), UriKind.Absolute, out var api) && api.Scheme is "http" or "https" ? api! : throw new HubRefusal(ExitCode.WrongUsage, "--api is not an HTTP address: write, for example, http://127.0.0.1:5080"),
            Token = FromEnvironment("MONITORING_TOKEN", "an admin's API token"),
            Until = parsed.GetValue(_until),
        };
        using var http = new HttpClient();
        var progress = new ReplayProgress(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        try
        {
            var result = await new ReplayRun(http, TimeProvider.System, Console.Out, progress).RunAsync(options, cancellation);
            if (result.FirstRefusal is not { } refusal)
                return ExitCode.Fine;
            throw new HubRefusal(ExitCode.WrongInput, $"{result.Refused} messages were refused, the first because: {refusal}");
        }
        catch (ReplayInputException wrong)
        {
            throw new HubRefusal(ExitCode.WrongInput, wrong.Message);
        }
        catch (HubRefusedException refused)
        {
            throw new HubRefusal(ExitCode.WrongInput, refused.Message);
        }
        catch (HubAwayException away)
        {
            throw new HubRefusal(ExitCode.Missing, away.Message);
        }
    }

    private static ReplayMap ReadMap(string path)
    {
        var problems = new DocumentProblems(path);
        try
        {
            if (DocumentYaml.Read(File.ReadAllText(path), problems) is { } document && ReplayMap.Read(document, problems) is { } map)
                return map;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"{path} cannot be read: name an existing map file");
        }

        throw new HubRefusal(ExitCode.WrongInput, string.Join(Environment.NewLine, problems.Found));
    }

    private static string FromEnvironment(string name, string what) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new HubRefusal(ExitCode.WrongUsage, $"{name} is not set: put {what} into it");
}
