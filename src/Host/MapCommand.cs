using System.CommandLine;
using System.Text.Json;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;

namespace Monitoring.Host;

/// <summary><c>monitoring map</c>: shows what a profile makes of one message, without a hub.</summary>
internal static class MapCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var profile = new Option<string>("--profile") { Description = "Profile file", Required = true };
        var topic = new Option<string>("--topic") { Description = "Topic that the message came on", Required = true };
        var file = new Argument<string>("file") { Description = "File with the message body; - for standard input" };
        var command = new Command("map", "Show the readings that a profile makes of a message") { profile, topic, file };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(profile), parsed.GetRequiredValue(topic), parsed.GetRequiredValue(file)));
        return command;
    }

    private static int Run(string profilePath, string topic, string file)
    {
        var profile = ReadProfile(profilePath);
        if (profile.Topic?.Match(topic)?.GetValueOrDefault("device") is not { } device)
            throw new HubRefusal(ExitCode.WrongInput, $"the topic does not fit the profile: it takes {profile.Topic?.Text}");
        var outcome = profile.Map(device, ReadBody(file), TimeProvider.System.GetUtcNow(), DeviceClockWindow.Wall, retained: false);
        if (outcome.Refusal is { } refusal)
        {
            Print(new { refused = $"{refusal.Reason.ToName()}: {refusal.Text}" });
            return ExitCode.WrongInput;
        }

        foreach (var reading in outcome.Message!.Readings)
            Print(Line(device, reading));
        return ExitCode.Fine;
    }

    private static EquipmentProfile ReadProfile(string path)
    {
        var problems = new DocumentProblems(path);
        try
        {
            if (DocumentYaml.Read(File.ReadAllText(path), problems) is { } document && ProfileReader.Read(document, problems) is { } profile)
                return profile;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"{path} cannot be read: name an existing profile file");
        }

        throw new HubRefusal(ExitCode.WrongInput, string.Join(Environment.NewLine, problems.Found));
    }

    private static byte[] ReadBody(string file)
    {
        try
        {
            if (file != "-")
                return File.ReadAllBytes(file);
            using var body = new MemoryStream();
            using var input = Console.OpenStandardInput();
            input.CopyTo(body);
            return body.ToArray();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"{file} cannot be read: name an existing file, or - for standard input");
        }
    }

    private static Dictionary<string, object?> Line(string device, Reading reading)
    {
        var line = new Dictionary<string, object?> { ["device"] = device, ["time"] = reading.Time.UtcDateTime, ["channel"] = reading.Channel };
        var (name, value) = reading switch
        {
            CountReading { From: { } from } count => ("count", (object)new { @in = count.In, @out = count.Out, from = from.UtcDateTime }),
            CountReading count => ("count", new { @in = count.In, @out = count.Out }),
            TotalReading { Modulus: { } modulus } total => ("total", new { @in = total.In, @out = total.Out, modulus }),
            TotalReading total => ("total", new { @in = total.In, @out = total.Out }),
            OccupancyReading occupancy => ("occupancy", new { people = occupancy.People }),
            DensityReading density => ("density", new { perM2 = density.PerM2 }),
            PositionReading position => ("position", position.Position.ToString().ToLowerInvariant()),
            HealthReading health => ("health", health.Values),
            NoiseReading noise => ("noise", new { laeqDb = noise.LaeqDb }),
            EventReading { Code: { } code } happened => ("event", new { type = happened.Type, code }),
            EventReading happened => ("event", new { type = happened.Type }),
            _ => throw new InvalidOperationException($"A {reading.GetType().Name} has no form on the command line."),
        };
        line[name] = value;
        return line;
    }

    private static void Print(object line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, Json));
}
