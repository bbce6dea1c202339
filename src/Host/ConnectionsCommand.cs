using System.CommandLine;
using System.Text.Json;
using Monitoring.Contracts.Spaces;
using Monitoring.Gateway.Accounts;

namespace Monitoring.Host;

/// <summary><c>monitoring connections secret</c>: sets the MQTT secret of a connection. A running gateway takes it at the next sign-in.</summary>
internal static class ConnectionsCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Connection name, as in the site" };
        var data = new Option<string>("--data") { Description = "Data folder of the gateway", DefaultValueFactory = _ => "data" };
        var stdin = new Option<bool>("--stdin") { Description = "Read the secret from standard input instead of making one" };
        var secret = new Command("secret", "Set, or make and print once, the MQTT secret of a connection") { name, data, stdin };
        secret.SetAction(parsed => Run(parsed.GetRequiredValue(name), parsed.GetRequiredValue(data), parsed.GetValue(stdin)));
        return new Command("connections", "Secrets of MQTT connections") { secret };
    }

    private static int Run(string name, string data, bool stdin)
    {
        if (!Directory.Exists(data))
            throw new HubRefusal(ExitCode.WrongInput, $"there is no data folder {Path.GetFullPath(data)}: start the hub on it first, or name another with --data");
        WarnIfUnknown(name, data);
        var secrets = new ConnectionSecrets(Path.GetFullPath(data));
        if (!stdin)
        {
            Console.Out.WriteLine(secrets.Generate(name));
            return ExitCode.Fine;
        }

        try
        {
            secrets.Set(name, Console.In.ReadLine() ?? "");
            return ExitCode.Fine;
        }
        catch (ArgumentException wrong)
        {
            throw new HubRefusal(ExitCode.WrongInput, wrong.Message.Split(" (Parameter", 2)[0].TrimEnd('.') + ": give it on one line");
        }
    }

    // A secret may be set before the site lists its connection; a typing error is likelier.
    private static void WarnIfUnknown(string name, string data)
    {
        var path = Path.Combine(data, "gateway", "site.json");
        if (!File.Exists(path))
            return;
        var stored = JsonSerializer.Deserialize<VersionedSite>(File.ReadAllText(path), JsonSerializerOptions.Web);
        if (stored is not null && CompiledSite.Compile(stored.Document).Site is { } site && site.Site.Connections.All(connection => connection.Name != name))
            Console.Error.WriteLine($"monitoring: the site has no connection '{name}' yet; the secret serves once it has");
    }
}
