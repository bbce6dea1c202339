using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Monitoring.Gateway.Accounts;

namespace Monitoring.Harness;

/// <summary>The real hub as a process of its own on free loopback ports; killed by its id when the test ends.</summary>
public sealed class HubUnderTest : IAsyncDisposable
{
    /// <summary>Ten times what a start may take on a busy machine.</summary>
    public static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly string[] _arguments;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string _program;
    private Process? _process;

    private HubUnderTest(string data, Ports ports, string[] arguments, IReadOnlyDictionary<string, string> environment, string program) =>
        (Data, Ports, _arguments, _environment, _program) = (data, ports, arguments, environment, program);

    /// <summary>Data folder.</summary>
    public string Data { get; }

    /// <summary>Ports it listens on.</summary>
    public Ports Ports { get; }

    /// <summary>HTTP address.</summary>
    public Uri Address => new($"http://127.0.0.1:{Ports.Http}/");

    /// <summary>Process id, for signals and measurements.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>How long its last start took, from the process to its line <c>ready</c>.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>What it has written, standard output and error together.</summary>
    public string Output => string.Join(Environment.NewLine, _output);

    /// <summary>Starts the sample city on an own data folder.</summary>
    public static Task<HubUnderTest> StartSampleCityAsync(string data, CancellationToken cancellation) => StartAsync(data, [], cancellation);

    /// <summary>Starts the hub on a site file.</summary>
    public static Task<HubUnderTest> StartSiteAsync(string data, string siteFile, CancellationToken cancellation, params string[] more) =>
        StartAsync(data, ["serve", "--site", siteFile, .. more], cancellation);

    /// <summary>Starts the hub, or a program that runs it, with the given arguments on free ports.</summary>
    public static async Task<HubUnderTest> StartAsync(string data, string[] arguments, CancellationToken cancellation, Ports? ports = null, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var hub = new HubUnderTest(data, ports ?? Ports.TakeFree(), arguments, environment ?? new Dictionary<string, string>(), program ?? Repository.HubProgram);
        try
        {
            await hub.StartAgainAsync(cancellation);
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the same data and ports, and waits until it says that it is ready.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var ready = Launch();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StartWithin);
        var exit = _process!.WaitForExitAsync(timeout.Token);
        try
        {
            if (await Task.WhenAny(ready, exit).WaitAsync(timeout.Token) == exit && !ready.IsCompletedSuccessfully)
                throw new InvalidOperationException($"The hub ended with exit code {_process.ExitCode} instead of becoming ready:{Environment.NewLine}{Output}");
            ReadyAfter = Stopwatch.GetElapsedTime(began);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The hub did not become ready:{Environment.NewLine}{Output}");
        }
    }

    /// <summary>Starts it and does not wait: for a hub that is killed while it starts.</summary>
    public void BeginStart() => _ = Launch();

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => Signals.Send(ProcessId, signal);

    /// <summary>Writes a line to its standard input.</summary>
    public Task SayAsync(string line) => _process!.StandardInput.WriteLineAsync(line);

    /// <summary>Ends it as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Asks it to stop (SIGTERM) and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        Signals.Send(_process!.Id, Signals.Terminate);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(50));
        await _process.WaitForExitAsync(timeout.Token);
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>A client that signs its requests with a token of the data folder.</summary>
    /// <param name="role">Role of a demo account; null for the machine's own admin token.</param>
    public HttpClient Client(string? role = null)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", role is null ? LocalAdminToken() : DemoAccount(role).Token);
        return client;
    }

    /// <summary>A client that acts as a new operator of a real site.</summary>
    public Task<HttpClient> OperatorAsync(CancellationToken cancellation) => NewClientAsync("watch", "operator", cancellation);

    /// <summary>A client that signs its requests with the token of a new account.</summary>
    /// <param name="user">Name of the account.</param>
    /// <param name="role">Its role.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="spaces">Spaces that it may see; none for all.</param>
    public async Task<HttpClient> NewClientAsync(string user, string role, CancellationToken cancellation, params string[] spaces)
    {
        await AddUserAsync(user, role, cancellation, spaces);
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await AddTokenAsync(user, "test", cancellation));
        return client;
    }

    /// <summary>Adds an account by the request that <c>monitoring users add</c> sends, without a process for it.</summary>
    /// <returns>Its password.</returns>
    public Task<string> AddUserAsync(string user, string role, CancellationToken cancellation, params string[] spaces) =>
        MadeAsync("api/accounts", JsonSerializer.Serialize(new { user, role, spaces }), "password", cancellation);

    /// <summary>Adds an API token by the request that <c>monitoring tokens add</c> sends, without a process for it.</summary>
    /// <returns>The token.</returns>
    public Task<string> AddTokenAsync(string user, string name, CancellationToken cancellation) =>
        MadeAsync($"api/accounts/{user}/tokens", JsonSerializer.Serialize(new { name }), "token", cancellation);

    /// <summary>Makes the secret of a connection as <c>monitoring connections secret</c> does, without a process for it.</summary>
    public string Secret(string connection)
    {
        using var secrets = new ConnectionSecrets(Data);
        return secrets.Generate(connection);
    }

    /// <summary>Runs a command of the hub's program on its data folder.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> Command(string[] arguments, CancellationToken cancellation)
    {
        var done = await HubCommand.RunAsync([.. arguments, "--data", Data], cancellation);
        return done.ExitCode == 0 ? done.Output.Trim() : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {done.ExitCode}: {done.Errors}");
    }

    /// <summary>An account of the sample city.</summary>
    public DemoAccount DemoAccount(string role) =>
        JsonSerializer.Deserialize<DemoAccount[]>(File.ReadAllText(Path.Combine(Data, "demo-accounts.json")), JsonSerializerOptions.Web)!.Single(account => account.Role == role);

    /// <summary>A connection of the sample city.</summary>
    public DemoConnection DemoConnection(string name) =>
        JsonSerializer.Deserialize<DemoConnection[]>(File.ReadAllText(Path.Combine(Data, "demo-devices.json")), JsonSerializerOptions.Web)!.Single(connection => connection.Connection == name);

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<string> MadeAsync(string route, string body, string secret, CancellationToken cancellation)
    {
        using var admin = Client();
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await admin.PostAsync(new Uri(route, UriKind.Relative), content, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement.GetProperty(secret).GetString()! : throw new InvalidOperationException($"{route} was answered with {(int)answer.StatusCode}: {text}");
    }

    private string LocalAdminToken()
    {
        using var hub = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "hub.json")));
        return hub.RootElement.GetProperty("token").GetString()!;
    }

    private Task Launch()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in new[] { _program }.Concat(_arguments).Concat(["--data", Data, "--urls", Address.ToString().TrimEnd('/'), "--mqtt-port", $"{Ports.Mqtt}"]))
            start.ArgumentList.Add(argument);
        ShortLife.Settle(start);
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Take(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Take(line.Data, null);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        return ready.Task;
    }

    private void Take(string? line, TaskCompletionSource? ready)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith("ready ", StringComparison.Ordinal))
            ready?.TrySetResult();
    }
}

/// <summary>A line of <c>demo-accounts.json</c>.</summary>
public sealed record DemoAccount(string User, string Role, string Password, string Token);

/// <summary>A line of <c>demo-devices.json</c>.</summary>
public sealed record DemoConnection(string Connection, string Secret, string[] Topics);
