using Monitoring.Domain.Intake;

namespace Monitoring.Simulator.Perimeter;

/// <summary>Where the bollards of one controller stand: up, and now and then down for a vehicle; or stuck.</summary>
/// <param name="random">Seeded source.</param>
internal sealed class BollardPlay(Random random)
{
    /// <summary>Time from up to down and from down to up, seconds.</summary>
    public const int TravelSeconds = 4;

    /// <summary>Vehicles come about every ten minutes.</summary>
    private const double VehiclePerSecond = 1.0 / 600;

    private int _secondsLeft;
    private bool _raising;

    /// <summary>Position of all elements of the controller.</summary>
    public ElementPosition Position { get; private set; } = ElementPosition.Raised;

    /// <summary>How far up they are, percent.</summary>
    public int RaisedPercent => Position switch
    {
        ElementPosition.Raised => 100,
        ElementPosition.Lowered => 0,
        _ => 100 * Math.Clamp(_raising ? TravelSeconds - _secondsLeft : _secondsLeft, 0, TravelSeconds) / TravelSeconds,
    };

    /// <summary>Times that they came up since the start.</summary>
    public int Cycles { get; private set; }

    /// <summary>Lets one second pass.</summary>
    /// <param name="stuckAt">Where they get stuck: lowered or moving; null where nothing is wrong.</param>
    /// <returns>Whether the position changed.</returns>
    public bool Step(ElementPosition? stuckAt)
    {
        var before = Position;
        if (Position == ElementPosition.Raised)
        {
            if (stuckAt is not null || random.NextDouble() < VehiclePerSecond)
                Begin(raising: false);
        }
        else if (!IsStuck(stuckAt) && --_secondsLeft <= 0)
        {
            Arrive();
        }

        return Position != before;
    }

    // Something is in the way of the travel when it is half done.
    private bool IsStuck(ElementPosition? at) => Position == at && (Position != ElementPosition.Moving || _secondsLeft <= TravelSeconds / 2);

    private void Begin(bool raising) => (_raising, _secondsLeft, Position) = (raising, TravelSeconds, ElementPosition.Moving);

    private void Arrive()
    {
        if (Position == ElementPosition.Lowered)
            Begin(raising: true);
        else if (_raising)
            (Cycles, Position) = (Cycles + 1, ElementPosition.Raised);
        else
            (_secondsLeft, Position) = (random.Next(20, 90), ElementPosition.Lowered);
    }
}
