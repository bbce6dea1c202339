using Monitoring.Harness;

namespace Monitoring.Deployment.Tests;

/// <summary>deploy/secrets.sh, run for real in a folder of the test's own.</summary>
public sealed class SecretsTests
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    [Fact]
    public async Task Secrets_are_random_and_nobody_else_can_enter_their_folder()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (folder.File("one"), folder.File("two"));
        await MakeAsync(first);
        await MakeAsync(second);
        Assert.Equal(FolderMode, File.GetUnixFileMode(first));
        Assert.Equal(8, Directory.GetFiles(first).Length);
        foreach (var file in Directory.GetFiles(first))
        {
            // Compose binds a file with its owner and mode, and each container runs as a user of its own: the folder keeps others out.
            Assert.Equal(FileMode, File.GetUnixFileMode(file));
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            if (Path.GetFileName(file) == "mosquitto_passwords")
                continue;
            Assert.Matches("[0-9a-f]{64}", text);
            Assert.NotEqual(text, await File.ReadAllTextAsync(Path.Combine(second, Path.GetFileName(file)), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_second_run_changes_nothing_and_makes_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        await MakeAsync(folder.Path);
        var before = Directory.GetFiles(folder.Path).ToDictionary(file => file, File.ReadAllText);
        var gone = folder.File("grafana_analysis_password");
        File.Delete(gone);
        await MakeAsync(folder.Path);
        var after = Directory.GetFiles(folder.Path).ToDictionary(file => file, File.ReadAllText);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, file => Assert.Equal(file.Key != gone, after[file.Key] == file.Value));
    }

    [Fact]
    public void The_folder_of_secrets_is_kept_out_of_the_repository_and_of_the_image()
    {
        Assert.Contains("/deploy/secrets/", File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore")));
        var ignore = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"));
        Assert.Equal("*", ignore.First(line => line.Length > 0 && line[0] != '#'));
        Assert.DoesNotContain(ignore, line => line.StartsWith("!deploy", StringComparison.Ordinal) || line.StartsWith("!data", StringComparison.Ordinal));
    }

    private static async Task MakeAsync(string folder)
    {
        var run = await ShellScript.RunAsync(DeployFiles.At("secrets.sh"), [folder], TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Output);
    }
}
