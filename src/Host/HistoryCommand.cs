using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Monitoring.Dashboard.History;
using Monitoring.Domain.History;

namespace Monitoring.Host;

/// <summary><c>monitoring history</c>: makes the copies of the release ledger anew, and writes files of released numbers.</summary>
internal static class HistoryCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Creates the command.</summary>
    public static Command Create() => new("history", "Released numbers of a running hub") { CreateRebuild(), CreateExport() };

    private static Command CreateRebuild()
    {
        var data = new Option<string>("--data") { Description = "Data folder of the running hub", DefaultValueFactory = _ => "data" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until the copies are complete again" };
        var rebuild = new Command("rebuild", "Make all copies of the history anew from the release ledger") { data, noWait };
        rebuild.SetAction(async (parsed, cancellation) =>
        {
            using var hub = RunningHub.Find(parsed.GetRequiredValue(data));
            await hub.SendAsync(HttpMethod.Post, "api/history/copies/rebuild", null, cancellation);
            return parsed.GetValue(noWait) ? ExitCode.Fine : await WaitAsync(hub, cancellation);
        });
        return rebuild;
    }

    // A copy that waits for its store is waited for; one that needs a person is not.
    private static async Task<int> WaitAsync(RunningHub hub, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery, TimeProvider.System);
        while (true)
        {
            var copies = (await hub.SendAsync(HttpMethod.Get, "api/history/copies", null, cancellation)).Deserialize<CopyStatus[]>(JsonSerializerOptions.Web) ?? [];
            if (copies.FirstOrDefault(copy => copy.NeedsPerson) is { } stuck)
                throw new HubRefusal(ExitCode.Missing, $"the copy {stuck.Copy} does not go on: {stuck.Away}");
            if (copies.All(copy => copy.IsWhole))
            {
                Console.Out.WriteLine($"rebuilt {string.Join(", ", copies.Select(copy => copy.Copy))}");
                return ExitCode.Fine;
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private static Command CreateExport()
    {
        var export = new HistoryExportCommand();
        var command = new Command("export", "Write released numbers into a CSV or Parquet file; a token of an account that may read history is taken from MONITORING_TOKEN")
        {
            export.Space, export.Series, export.From, export.To, export.Grid, export.Format, export.Out, export.Data, export.Api,
        };
        command.SetAction(export.RunAsync);
        return command;
    }
}

/// <summary>Writes a file of released numbers. It is there when all of it is, or not at all.</summary>
internal sealed class HistoryExportCommand
{
    public Option<string> Space { get; } = new("--space") { Description = "Id of the space", Required = true };

    public Option<string?> Series { get; } = new("--series") { Description = "One series; without it, all of the space" };

    public Option<string> From { get; } = new("--from") { Description = "Start, such as 2026-11-22T00:00:00Z or 2026-11-22T00:00:00+01:00", Required = true };

    public Option<string> To { get; } = new("--to") { Description = "End, excluded", Required = true };

    public Option<string> Grid { get; } = new("--grid") { Description = "cell, PT5M, PT15M, PT1H, P1D or P1M", DefaultValueFactory = _ => "PT1H" };

    public Option<string> Format { get; } = new("--format") { Description = "csv or parquet", DefaultValueFactory = _ => "csv" };

    public Option<string> Out { get; } = new("--out") { Description = "The file; must not exist", Required = true };

    public Option<string> Data { get; } = new("--data") { Description = "Data folder of the running hub, for its address", DefaultValueFactory = _ => "data" };

    public Option<string?> Api { get; } = new("--api") { Description = "HTTP address of the hub, where its data folder is elsewhere" };

    /// <summary>Runs it.</summary>
    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var file = Path.GetFullPath(parsed.GetRequiredValue(Out));
        if (parsed.GetRequiredValue(Format) is not ("csv" or "parquet") and var format)
            throw new HubRefusal(ExitCode.WrongUsage, $"--format is '{format}': use csv or parquet");
        foreach (var end in (Option<string>[])[From, To])
        {
            if (HistoryRequest.InstantOf(parsed.GetRequiredValue(end)) is null)
                throw new HubRefusal(ExitCode.WrongUsage, $"{end.Name} is '{parsed.GetRequiredValue(end)}': write an instant with Z or its offset, such as 2026-11-22T00:00:00Z or 2026-11-22T00:00:00+01:00");
        }

        if (File.Exists(file))
            throw new HubRefusal(ExitCode.WrongInput, $"{file} exists: name another file, an export is never overwritten");
        var token = Environment.GetEnvironmentVariable("MONITORING_TOKEN") is { Length: > 0 } given ? given : throw new HubRefusal(ExitCode.WrongUsage, "MONITORING_TOKEN is not set: put the API token of an analyst into it");
        using var hub = RunningHub.At(Address(parsed), token);
        var part = $"{file}.part";
        try
        {
            await using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
                await hub.DownloadAsync(PathOf(parsed), stream, Remedy, cancellation);
            File.Move(part, file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HubRefusal(ExitCode.Missing, $"{file} cannot be written ({fault.Message}): choose another place");
        }
        finally
        {
            if (File.Exists(part))
                File.Delete(part);
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"written {file}: {new FileInfo(file).Length} bytes"));
        return ExitCode.Fine;
    }

    // What the hub says of a token is meant for programs.
    private static string? Remedy(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "the hub does not take the token in MONITORING_TOKEN: it is mistyped or taken back, or its account is disabled; make another on the machine of the hub with: monitoring tokens add USER NAME",
        HttpStatusCode.Forbidden => "the account of the token in MONITORING_TOKEN may not read history: roles that may are analyst, dpo, operator, supervisor, technician; on the machine of the hub make a token of such an account with: monitoring tokens add USER NAME",
        _ => null,
    };

    private Uri Address(ParseResult parsed)
    {
        if (parsed.GetValue(Api) is not { } text)
            return RunningHub.AddressOf(parsed.GetRequiredValue(Data));
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address! : throw new HubRefusal(ExitCode.WrongUsage, "--api is not an HTTP address: write, for example, http://127.0.0.1:5080");
    }

    private string PathOf(ParseResult parsed)
    {
        var series = parsed.GetValue(Series) is { Length: > 0 } one ? $"/{Uri.EscapeDataString(one)}" : "";
        var query = string.Join('&', new[] { ("from", From), ("to", To), ("grid", Grid), ("format", Format) }.Select(field => $"{field.Item1}={Uri.EscapeDataString(parsed.GetRequiredValue(field.Item2))}"));
        return $"api/history/{Uri.EscapeDataString(parsed.GetRequiredValue(Space))}{series}?{query}";
    }
}
