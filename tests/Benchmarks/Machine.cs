using System.Globalization;
using System.Runtime.InteropServices;

namespace Monitoring.Benchmarks;

/// <summary>The machine that figures were taken on: without it they mean nothing.</summary>
internal static class Machine
{
    private const double BytesPerGiB = 1024.0 * 1024 * 1024;

    /// <summary>One line for people.</summary>
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesPerGiB;
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores ({Processor()}), {memory:0} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Configuration} build");
    }

    /// <summary>Processes that want to run, averaged over a minute: over the number of cores, others took part in the measurement.</summary>
    public static double Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : double.NaN;

#if DEBUG
    private const string Configuration = "Debug (figures of a Debug build say little)";
#else
    private const string Configuration = "Release";
#endif

    private static string Processor() => File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
        ? line.Split(':', 2)[1].Trim()
        : RuntimeInformation.ProcessArchitecture.ToString();
}
