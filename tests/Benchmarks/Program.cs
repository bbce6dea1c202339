using System.CommandLine;
using Monitoring.Benchmarks;
using Monitoring.Benchmarks.History;
using Monitoring.Benchmarks.Intake;
using Monitoring.Benchmarks.Privacy;
using Monitoring.Benchmarks.Spaces;

// Each command prints one Markdown section on standard output and its progress on standard error.
var root = new RootCommand("Measures the hub on this machine, over real sockets and a real disk. Run it in Release: dotnet run -c Release --project tests/Benchmarks -- COMMAND")
{
    ThroughputBenchmark.Command(),
    StartupBenchmark.Command(),
    MemoryBenchmark.Command(),
    RestartBenchmark.Command(),
    DomBenchmark.Command(),
    ScreensBenchmark.Command(),
    ReleaseBenchmark.Command(),
    HistoryBenchmark.Command(),
    HistoryBenchmark.ChildCommand(),
    ServerProcess.Command(),
};
return await root.Parse(args).InvokeAsync();
