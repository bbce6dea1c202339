using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Monitoring.Domain;
using Monitoring.Gateway.Intake;
using Orleans.Storage;

namespace Monitoring.FaultyHub;

/// <summary>What a test orders: <c>journal ok|fail|full|slow MS</c>, <c>state ok|fail|full|slow MS</c>, <c>clock HOURS</c>, <c>run HOURS</c>.</summary>
internal sealed class Orders
{
    private readonly StoreFault _journal = new();
    private readonly StoreFault _state = new();
    private readonly SteppedClock _clock = new();

    // What the runtime under the hub goes by: it would take hours that run at once for a process that hung.
    private readonly SteppedClock _runtime = new();

    /// <summary>Puts the stores and the clock that follow orders in front of the hub's own.</summary>
    public void Amend(IServiceCollection services)
    {
        Decorate<IJournalFile>(services, null, inner => new FaultyJournalFile(inner, _journal));
        foreach (var storage in services.Where(service => service.ServiceType == typeof(IGrainStorage) && service.IsKeyedService).Select(service => service.ServiceKey).ToList())
            Decorate<IGrainStorage>(services, storage, inner => new FaultyGrainStorage(inner, _state));
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_runtime));
        var kind = services.Select(service => service.ImplementationInstance).OfType<HubClock>().Single().Kind;
        services.Replace(ServiceDescriptor.Singleton(new HubClock(kind, _clock)));
    }

    /// <summary>Follows orders until the input ends.</summary>
    public void Follow(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            Follow(line.Split(' '));
            output.WriteLine($"done {line}");
        }
    }

    private void Follow(string[] words)
    {
        var number = words.Length > 2 ? int.Parse(words[2], CultureInfo.InvariantCulture) : 0;
        switch (words[0])
        {
            case "journal":
                _journal.Set(words[1], number);
                break;
            case "state":
                _state.Set(words[1], number);
                break;
            case "clock":
                _clock.Step = _runtime.Step = TimeSpan.FromHours(int.Parse(words[1], CultureInfo.InvariantCulture));
                break;
            case "run":
                _clock.Ran = TimeSpan.FromHours(int.Parse(words[1], CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"'{words[0]}' is no order");
        }
    }

    private static void Decorate<T>(IServiceCollection services, object? key, Func<T, T> decorate)
        where T : class
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(T) && Equals(service.IsKeyedService ? service.ServiceKey : null, key)) is not { } own)
            return; // The process does not have the role.
        services.Remove(own);
        if (own.IsKeyedService)
            services.AddKeyedSingleton(key, (provider, name) => decorate((T)own.KeyedImplementationFactory!(provider, name)));
        else
            services.AddSingleton(provider => decorate((T)own.ImplementationFactory!(provider)));
    }
}
