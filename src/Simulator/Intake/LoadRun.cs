namespace Monitoring.Simulator.Intake;

/// <summary>Loads a hub on this machine with small counts and measures how many it acknowledges, and how soon.</summary>
public static class LoadRun
{
    /// <summary>Runs the load.</summary>
    /// <param name="options">What is sent.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="cancellation">Ends the run at once.</param>
    /// <exception cref="LoadInputException">The run cannot be done as asked.</exception>
    public static async Task<LoadResult> RunAsync(LoadOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var connections = Check(options);
        var links = options.Principals.Take(connections).Select(principal => new LoadLink(principal, time)).ToList();
        try
        {
            for (var i = 0; i < links.Count; i++)
                await links[i].ConnectAsync(options.Mqtt, options.InFlight, $"load-{i}", cancellation);
            var measureFrom = time.GetTimestamp() + (long)(options.WarmUpSeconds * time.TimestampFrequency);
            var sendUntil = measureFrom + (long)(options.Seconds * time.TimestampFrequency);
            var lasted = await Task.WhenAll(links.Select(link => Task.Run(() => link.RunAsync(options.Rate / connections, measureFrom, sendUntil, cancellation), cancellation)));
            return Result(options, links, lasted.Count(stayed => !stayed));
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new LoadInputException($"{options.Mqtt} cannot be reached ({e.Message}): start the hub, or give its address");
        }
        finally
        {
            links.ForEach(link => link.Dispose());
        }
    }

    private static int Check(LoadOptions options)
    {
        // A load generator pointed at someone else's machine is an attack; on one's own it is a measurement.
        if (!options.Mqtt.IsLoopback)
            throw new LoadInputException($"'{options.Mqtt.Host}' is not this machine: the load generator sends to loopback only");
        var connections = options.Connections ?? options.Principals.Count;
        if (connections is < 1 or > LoadOptions.ConnectionsMax)
            throw new LoadInputException($"{connections} connections: use 1 to {LoadOptions.ConnectionsMax}");
        if (connections > options.Principals.Count)
            throw new LoadInputException($"{connections} connections need {connections} principals; the list has {options.Principals.Count}");
        if (options.InFlight is < 1 or > 10_000)
            throw new LoadInputException($"{options.InFlight} in flight: use 1 to 10000");
        if (options.Seconds is not (> 0 and <= 3_600) || options.WarmUpSeconds is not (>= 0 and <= 600) || options.Rate is not (>= 0 and <= 10_000_000))
            throw new LoadInputException("use over 0 to 3600 seconds, 0 to 600 seconds of warm-up and a rate of 0 to 10000000");
        return connections;
    }

    private static LoadResult Result(LoadOptions options, List<LoadLink> links, int lost)
    {
        var all = new LatencyHistogram();
        foreach (var link in links)
            all.Add(link.Latencies);
        double Ms(double share) => Math.Round(all.Quantile(share).TotalMilliseconds, 3);
        return new LoadResult
        {
            Connections = links.Count,
            InFlight = links.Min(link => link.Window),
            Rate = options.Rate,
            Seconds = options.Seconds,
            Acked = links.Sum(link => link.Acked),
            Refused = links.Sum(link => link.Refused),
            Lost = lost,
            AckedPerSecond = Math.Round(links.Sum(link => link.Acked) / options.Seconds, 1),
            P50Ms = Ms(0.5),
            P90Ms = Ms(0.9),
            P99Ms = Ms(0.99),
            MaxMs = Math.Round(all.Max.TotalMilliseconds, 3),
        };
    }
}
