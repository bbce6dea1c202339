using System.Text;
using Monitoring.Gateway.Accounts;

namespace Monitoring.Gateway.Tests;

public sealed class ConnectionSecretsTests : IDisposable
{
    private readonly string _folder = RunningGateway.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_made_secret_fits_its_connection_alone_and_another_process_sees_it()
    {
        using var reader = new ConnectionSecrets(_folder);
        Assert.False(reader.Has("one"));
        using var writer = new ConnectionSecrets(_folder);
        var secrets = writer.Generate(["one", "two"]);

        Assert.True(await FitsAsync(reader, "one", secrets["one"]));
        Assert.False(await FitsAsync(reader, "one", secrets["two"]));
        Assert.False(await FitsAsync(reader, "three", secrets["one"]));
    }

    [Fact]
    public async Task A_chosen_secret_is_stretched_and_fits_again_and_again()
    {
        using var secrets = new ConnectionSecrets(_folder);
        secrets.Set("one", "correct horse");

        Assert.True(await FitsAsync(secrets, "one", "correct horse"));
        Assert.True(await FitsAsync(secrets, "one", "correct horse"));
        Assert.False(await FitsAsync(secrets, "one", "wrong horse"));
        Assert.Throws<ArgumentException>(() => secrets.Set("one", "short"));
    }

    [Fact]
    public void The_file_holds_no_secret_and_is_private()
    {
        using var secrets = new ConnectionSecrets(_folder);
        var made = secrets.Generate("one");
        var path = Path.Combine(_folder, "gateway", "secrets.json");

        Assert.DoesNotContain(made, File.ReadAllText(path), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    private static Task<bool> FitsAsync(ConnectionSecrets secrets, string name, string secret) => secrets.FitsAsync(name, Encoding.UTF8.GetBytes(secret), () => true, CancellationToken.None);
}
