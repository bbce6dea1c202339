using System.CommandLine;

namespace Monitoring.Host;

/// <summary>The commands of <c>monitoring</c>.</summary>
internal static class HubCommands
{
    /// <summary>Runs a command.</summary>
    /// <param name="args">Command line.</param>
    /// <param name="amend">Changes the services of a hub that is started; for tests alone, which put stores in front of the hub's own.</param>
    /// <returns>Exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Action<IServiceCollection>? amend = null)
    {
        var parsed = Commands(amend).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"monitoring: {parsed.Errors[0].Message.TrimEnd('.')}; 'monitoring --help' lists commands and options");
            return ExitCode.WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (HubRefusal refusal)
        {
            await Console.Error.WriteLineAsync($"monitoring: {refusal.Message}");
            return refusal.ExitCode;
        }
    }

    private static RootCommand Commands(Action<IServiceCollection>? amend)
    {
        var root = new RootCommand("Monitoring hub for pilot security equipment in public spaces. Without a command: the sample pilot city.");
        ServeCommand.AddTo(root, amend);
        root.Subcommands.Add(CheckCommand.Create());
        root.Subcommands.Add(MapCommand.Create());
        root.Subcommands.Add(ConnectionsCommand.Create());
        root.Subcommands.Add(UsersCommand.Create());
        root.Subcommands.Add(TokensCommand.Create());
        root.Subcommands.Add(HistoryCommand.Create());
        root.Subcommands.Add(VerifyCommand.Create());
        root.Subcommands.Add(HealthCommand.Create());
        root.Subcommands.Add(BackupCommand.Create());
        root.Subcommands.Add(RestoreCommand.Create());
        root.Subcommands.Add(ReplayCommand.Create());
        root.Subcommands.Add(LoadCommand.Create());
        return root;
    }
}
