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

    // A sample may be of any year: it shows the stamps that the device gave. A hub believes only those near the arrival.
    private static readonly DeviceClockWindow AnyYear = new(TimeSpan.FromDays(36_500), TimeSpan.FromDays(36_500));

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var profile = new Option<string>("--profile") { Description = "Profile file", Required = true };
        var topic = new Option<string>("--topic") { Description = "Topic that the message came on", Required = true };
        var parameters = new Option<string[]>("--params") { Description = "Parameters of the device as name=value; the same name again adds a value" };
        var file = new Argument<string>("file") { Description = "File with the message body; - for standard input" };
        var command = new Command("map", "Show the readings that a profile makes of a message") { profile, topic, parameters, file };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(profile), parsed.GetRequiredValue(topic), parsed.GetValue(parameters) ?? [], parsed.GetRequiredValue(file)));
        return command;
    }

    private static int Run(string profilePath, string topic, string[] given, string file)
    {
        var profile = ReadProfile(profilePath);
        var segments = profile.Topic is { } pattern ? pattern.Match(topic) : new Dictionary<string, string>();
        if (segments is null)
            throw new HubRefusal(ExitCode.WrongInput, $"the topic does not fit the profile: it takes {profile.Topic!.Text}");
        var outcome = profile.Map(MessageOrigin.Anyone(segments, ReadParameters(profile, given)), ReadBody(file), TimeProvider.System.GetUtcNow(), AnyYear, retained: false);
        if (outcome.Refusal is { } refusal)
        {
            Print(new { refused = $"{refusal.Reason.ToName()}: {refusal.Text}" });
            return ExitCode.WrongInput;
        }

        foreach (var reading in outcome.Message?.Readings ?? [])
            Print(Line(outcome.Message!.DeviceId, reading));
        return ExitCode.Fine;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadParameters(EquipmentProfile profile, string[] given)
    {
        var pairs = given.Select(text => text.Split('=', 2)).ToList();
        if (pairs.Find(pair => pair.Length != 2 || pair[1].Length == 0) is { } broken)
            throw new HubRefusal(ExitCode.WrongUsage, $"--params {broken[0]} is not name=value");
        var names = profile.Parameters.Defaults.Keys.Concat(profile.Parameters.Required).Append(ProfileParameters.Topic).ToList();
        if (pairs.Find(pair => !names.Contains(pair[0])) is { } unknown)
            throw new HubRefusal(ExitCode.WrongInput, $"the profile has no parameter '{unknown[0]}': use {string.Join(", ", names)}");
        return pairs.GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(pair => pair[1])]);
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
