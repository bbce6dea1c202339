using DuckDB.NET.Data;

namespace Monitoring.History.Tests;

public sealed class EngineTests
{
    [Fact]
    public void The_engine_of_this_machine_lies_beside_the_program_and_no_other()
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        var engines = Directory.EnumerateFiles(AppContext.BaseDirectory, "*duckdb*", SearchOption.AllDirectories).Where(file => Path.GetFileNameWithoutExtension(file) is "libduckdb" or "duckdb");
        Assert.Single(engines);
        Assert.Equal("v1.5.6", connection.ServerVersion);
    }
}
