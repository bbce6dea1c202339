using System.Runtime.InteropServices;

namespace Monitoring.Harness;

/// <summary>Signals to a process of the test's own.</summary>
public static partial class Signals
{
    /// <summary>Asks it to end.</summary>
    public const int Terminate = 15;

    /// <summary>Stops it where it is (SIGSTOP).</summary>
    public const int Stop = 19;

    /// <summary>Lets it go on (SIGCONT).</summary>
    public const int Continue = 18;

    /// <summary>Sends a signal.</summary>
    /// <param name="process">Process id.</param>
    /// <param name="signal">Signal number.</param>
    public static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
