using Microsoft.Extensions.Options;
using Monitoring.Domain;
using Monitoring.Gateway.Intake;

namespace Monitoring.Gateway.Equipment;

/// <summary>What every connection needs.</summary>
internal sealed class DoorServices(SignIn signIn, PayloadGate gate, IntakeRecord record, IOptions<IntakeOptions> options, HubClock clock)
{
    public SignIn SignIn { get; } = signIn;

    public PayloadGate Gate { get; } = gate;

    public IntakeRecord Record { get; } = record;

    public IntakeOptions Options { get; } = options.Value;

    public TimeProvider Wall { get; } = clock.Wall;
}
