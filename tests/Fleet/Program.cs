using System.Text.Json;
using Monitoring.Fleet;

// Publishes the messages of a plan, and outlives the hub: whatever becomes of that, each message is sent until it is acknowledged.
// It ends when all are, or at once when its standard input does, so that none outlives the test that started it.
if (args is not [var planFile, var logFile])
{
    Console.Error.WriteLine("usage: Fleet PLAN LOG");
    return 2;
}

var plan = JsonSerializer.Deserialize<FleetPlan>(File.ReadAllText(planFile), JsonSerializerOptions.Web)!;
using var log = new FleetLog(logFile);
using var stop = new CancellationTokenSource();
// The console reads on the thread that asks.
var stdin = Task.Run(Console.In.ReadToEnd);
var sending = Task.WhenAll(plan.Clients.Select(client => new FleetClient(plan, client, log, TimeProvider.System).RunAsync(stop.Token)));
if (await Task.WhenAny(sending, stdin) == sending)
{
    await sending;
    return 0;
}

// Nobody waits for the answers any more: what is on its way may have been accepted or not.
await stop.CancelAsync();
await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
return 1;
