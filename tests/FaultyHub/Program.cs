using Monitoring.FaultyHub;
using Monitoring.Host;

// The real hub, whose stores and clock do what standard input says. A line 'done …' answers each order.
var orders = new Orders();
_ = Task.Run(() => orders.Follow(Console.In, Console.Out)); // The console reads on the thread that asks.
return await HubCommands.RunAsync(args, orders.Amend);
