using System.Diagnostics;

namespace Monitoring.Harness;

/// <summary>Settings of .NET for programs that live for seconds: their start is mostly the work of its compiler, and they gain nothing from code that is measured and compiled again.</summary>
internal static class ShortLife
{
    /// <summary>Gives them to a program.</summary>
    public static void Settle(ProcessStartInfo start)
    {
        start.Environment["DOTNET_TieredPGO"] = "0";

        // Compiled again after 1,000 calls (hexadecimal) and not after 30.
        start.Environment["DOTNET_TC_CallCountThreshold"] = "3E8";
    }
}
