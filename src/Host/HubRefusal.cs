namespace Monitoring.Host;

/// <summary>The hub cannot do what was asked; the message is one line that says what to do.</summary>
internal sealed class HubRefusal(int exitCode, string message) : Exception(message)
{
    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>Exit codes of every command.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Fine = 0;

    /// <summary>What was given is wrong: a file, a setting, a value.</summary>
    public const int WrongInput = 1;

    /// <summary>The command was called wrongly.</summary>
    public const int WrongUsage = 2;

    /// <summary>A component is missing, down or in use.</summary>
    public const int Missing = 3;
}
