using System.Text.RegularExpressions;
using Monitoring.Harness;

namespace Monitoring.Deployment.Tests;

/// <summary>The Dockerfile's words, and its steps as far as they can be taken without a container engine.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Lines = [.. File.ReadAllLines(DeployFiles.At("Dockerfile")).Where(line => line.Length > 0 && line[0] != '#')];

    private static string Publish => Lines.Single(line => line.Contains("dotnet publish", StringComparison.Ordinal))["RUN ".Length..];

    [Fact]
    public void Its_images_are_pinned_and_the_one_that_runs_has_no_shell()
    {
        var images = Lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.Matches(Pinned(), image));
        // Local days need time zones and ICU, which the plain chiseled image leaves out.
        Assert.EndsWith("-noble-chiseled-extra", images[1], StringComparison.Ordinal);
        Assert.DoesNotContain(Lines.SkipWhile(line => line != images[1]), line => line.StartsWith("RUN ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_hub_runs_as_a_user_who_owns_its_data_folder_and_nothing_else()
    {
        Assert.Contains("USER 1654:1654", Lines);
        Assert.Contains("COPY --from=build --chown=1654:1654 --chmod=0700 /empty /data", Lines);
        Assert.Contains("COPY --from=build /out /app", Lines);
    }

    [Fact]
    public void The_image_and_compose_ask_the_same_question_about_health()
    {
        var asked = Lines.Single(line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal)).Split("CMD ")[1];
        var compose = DeployFiles.Yaml("compose.yaml")["services"]!["hub"]!;
        Assert.Equal(asked.Replace(" ", "", StringComparison.Ordinal), compose["healthcheck"]!["test"]!.ToJsonString().Replace("\"CMD\",", "", StringComparison.Ordinal));
        Assert.Equal(Lines.Single(line => line.StartsWith("CMD ", StringComparison.Ordinal))[4..].Replace(" ", "", StringComparison.Ordinal), compose["command"]!.ToJsonString());
    }

    [Fact]
    public void Whatever_the_build_needs_reaches_the_builder()
    {
        var sent = File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        Assert.All(sent, item => Assert.True(Path.Exists(Path.Combine(Repository.Root, item)), item));
        // What projects refer to outside their own folders, and what the SDK looks for above them.
        var needed = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(project => Outside().Matches(File.ReadAllText(project)).Select(match => match.Groups[1].Value)).Concat(["src", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", "global.json"]);
        Assert.Empty(needed.Except(sent));
        Assert.True(File.Exists(Path.Combine(Repository.Root, Publish.Split(' ')[2])), Publish);
    }

    [Fact]
    public async Task Its_publish_step_makes_a_program_that_runs()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MONITORING_LONG") == "1", "takes minutes: run with --long");
        using var folder = new TemporaryFolder();
        // A tree of its own, as the builder has: intermediate files of another configuration stay out of the checkout.
        foreach (var item in File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]))
            await RunAsync("bash", ["-c", $"tar -C '{Repository.Root}' --exclude=bin --exclude=obj -cf - '{item}' | tar -C '{folder.Path}' -xf -"], folder.Path);
        await RunAsync("bash", ["-c", Publish.Replace("-o /out", "-o out", StringComparison.Ordinal)], folder.Path);
        var help = await ShellScript.RunProgramAsync("dotnet", [folder.File("out/monitoring.dll"), "health", "--data", folder.Path], folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal(3, help.ExitCode);
        Assert.Contains("no hub runs on the data folder", help.Output, StringComparison.Ordinal);
    }

    private static async Task RunAsync(string program, string[] arguments, string folder)
    {
        var run = await ShellScript.RunProgramAsync(program, arguments, folder, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Output);
    }

    [GeneratedRegex(@"^FROM mcr\.microsoft\.com/dotnet/[a-z]+:10\.0\.[0-9]+-noble[a-z-]*( AS build)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"""\.\./\.\./([a-z]+)/")]
    private static partial Regex Outside();
}
