using System.CommandLine;

namespace Monitoring.Host;

/// <summary><c>monitoring tokens</c>: API tokens of a running hub's accounts.</summary>
internal static class TokensCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder of the running hub", DefaultValueFactory = _ => "data" };
        var user = new Argument<string>("user") { Description = "User name of the account that the token acts as" };
        var name = new Argument<string>("name") { Description = "Name to tell the token by" };

        var add = new Command("add", "Add an API token; it is printed once") { user, name, data };
        add.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            var made = await hub.SendAsync(HttpMethod.Post, $"{Of(parsed.GetRequiredValue(user))}/tokens", new { name = parsed.GetRequiredValue(name) }, cancellation);
            Console.Out.WriteLine(made.GetProperty("token").GetString());
            return ExitCode.Fine;
        });
        var revoke = new Command("revoke", "Take an API token back") { user, name, data };
        revoke.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            await hub.SendAsync(HttpMethod.Delete, $"{Of(parsed.GetRequiredValue(user))}/tokens/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}", null, cancellation);
            return ExitCode.Fine;
        });
        return new Command("tokens", "API tokens of a running hub") { add, revoke };
    }

    private static string Of(string user) => $"api/accounts/{Uri.EscapeDataString(user)}";
}
