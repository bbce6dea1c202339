return await Monitoring.Host.HubCommands.RunAsync(args);
