using Monitoring.Domain.Intake;

namespace Monitoring.Simulator.Perimeter;

/// <summary>Where the bollards of one controller stand: up, and now and then down for a vehicle.</summary>
/// <param name="random">Seeded source.</param>
internal sealed class BollardPlay(Random random)
{
    /// <summary>Vehicles come about every ten minutes.</summary>
    private const double VehiclePerSecond = 1.0 / 600;

    private const int TravelSeconds = 4;

    private int _secondsLeft;
    private bool _raising;

    /// <summary>Position of all elements of the controller.</summary>
    public ElementPosition Position { get; private set; } = ElementPosition.Raised;

    /// <summary>Lets one second pass.</summary>
    /// <returns>Whether the position changed.</returns>
    public bool Step()
    {
        var before = Position;
        if (Position == ElementPosition.Raised)
        {
            if (random.NextDouble() < VehiclePerSecond)
                Begin(raising: false);
        }
        else if (--_secondsLeft <= 0)
        {
            Arrive();
        }

        return Position != before;
    }

    private void Begin(bool raising) => (_raising, _secondsLeft, Position) = (raising, TravelSeconds, ElementPosition.Moving);

    private void Arrive()
    {
        if (Position == ElementPosition.Lowered)
            Begin(raising: true);
        else if (_raising)
            Position = ElementPosition.Raised;
        else
            (_secondsLeft, Position) = (random.Next(20, 90), ElementPosition.Lowered);
    }
}
