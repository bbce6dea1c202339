using Xunit.Runner.InProc.SystemConsole;

namespace Monitoring.History.Tests;

internal static class Program
{
    public static async Task<int> Main(string[] args) => args is [EndlessWriter.Word, var folder] ? await EndlessWriter.RunAsync(folder) : await ConsoleRunner.Run(args);
}
