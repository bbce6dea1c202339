using System.CommandLine;
using System.Text.Json;

namespace Monitoring.Host;

/// <summary><c>monitoring users</c>: local accounts of a running hub.</summary>
internal static class UsersCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Data folder of the running hub", DefaultValueFactory = _ => "data" };
        var user = new Argument<string>("user") { Description = "User name" };
        var role = new Option<string>("--role") { Description = "operator, supervisor, technician, analyst, dpo or admin", Required = true };

        var spaces = new Option<string>("--spaces") { Description = "Ids of the spaces it may see, separated by ',' (default: all)", DefaultValueFactory = _ => "" };

        var add = new Command("add", "Add an account; its password is printed once") { user, role, spaces, data };
        add.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            var made = await hub.SendAsync(HttpMethod.Post, "api/accounts", new { user = parsed.GetRequiredValue(user), role = parsed.GetRequiredValue(role), spaces = Split(parsed.GetValue(spaces)) }, cancellation);
            return Print(made.GetProperty("password").GetString());
        });
        var list = new Command("list", "List accounts") { data };
        list.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            foreach (var account in (await hub.SendAsync(HttpMethod.Get, "api/accounts", null, cancellation)).EnumerateArray())
                Print(Line(account));
            return ExitCode.Fine;
        });
        var scope = new Command("scope", "Set the spaces that an account may see; its sessions end. Without --spaces: all") { user, spaces, data };
        scope.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            await hub.SendAsync(HttpMethod.Post, $"api/accounts/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/scope", new { spaces = Split(parsed.GetValue(spaces)) }, cancellation);
            return ExitCode.Fine;
        });
        var disable = new Command("disable", "Disable an account; its sessions and tokens end") { user, data };
        disable.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            await hub.SendAsync(HttpMethod.Post, $"api/accounts/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/disable", null, cancellation);
            return ExitCode.Fine;
        });
        var reset = new Command("reset", "Give an account a new password, printed once; a disabled one is enabled") { user, data };
        reset.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            var made = await hub.SendAsync(HttpMethod.Post, $"api/accounts/{Uri.EscapeDataString(parsed.GetRequiredValue(user))}/reset", null, cancellation);
            return Print(made.GetProperty("password").GetString());
        });
        return new Command("users", "Local accounts of a running hub") { add, list, scope, disable, reset };
    }

    private static string Line(JsonElement account)
    {
        var spaces = account.GetProperty("spaces").EnumerateArray().Select(space => space.GetString()).ToList();
        return $"{account.GetProperty("user").GetString()}\t{account.GetProperty("role").GetString()}{(account.GetProperty("disabled").GetBoolean() ? "\tdisabled" : "")}{(spaces.Count > 0 ? $"\tspaces {string.Join(',', spaces)}" : "")}";
    }

    private static string[] Split(string? spaces) => (spaces ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Print(string? line)
    {
        Console.Out.WriteLine(line);
        return ExitCode.Fine;
    }
}
