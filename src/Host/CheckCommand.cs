using System.CommandLine;
using Monitoring.Contracts.Spaces;

namespace Monitoring.Host;

/// <summary><c>monitoring check site.yaml</c>: every problem of a site, its profiles and their fixtures on a line of its own.</summary>
internal static class CheckCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("site") { Description = "Site file, such as site.yaml" };
        var command = new Command("check", "Check a site file, its profiles and their fixtures") { file };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file)));
        return command;
    }

    private static int Run(string path)
    {
        var (site, problems) = CompiledSite.Compile(SiteFiles.Read(path));
        foreach (var problem in problems)
            Console.Out.WriteLine(problem);
        if (site is null)
            return ExitCode.WrongInput;
        Console.Out.WriteLine($"{path}: fine: {site.Site.Spaces.Count} spaces, {site.Site.Spaces.Sum(space => space.Devices.Count)} devices, {site.Site.Connections.Count} connections, {site.Profiles.Values.Sum(profile => profile.FixtureCount)} fixtures of {site.Profiles.Count} profiles");
        return ExitCode.Fine;
    }
}
