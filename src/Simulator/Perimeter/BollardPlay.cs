using Monitoring.Domain.Intake;

namespace Monitoring.Simulator.Perimeter;

/// <summary>Where the bollards of one controller stand: up, and now and then down for a vehicle; or stuck.</summary>
/// <param name="random">Seeded source.</param>
internal sealed class BollardPlay(Random random)
{
    /// <summary>The cycle counter of a controller has six digits.</summary>
    public const int CyclesModulus = 1_000_000;

    /// <summary>Time from up to down and from down to up, seconds.</summary>
    public const int TravelSeconds = 4;

    /// <summary>Vehicles come about every ten minutes.</summary>
    private const double VehiclePerSecond = 1.0 / 600;

    private const long HoursBefore = 9_123;

    private readonly int _cyclesBefore = random.Next(CyclesModulus);
    private int _secondsLeft;
    private bool _raising;
    private bool _stuck;
    private int _cycles;
    private long _seconds;

    /// <summary>Position of all elements of the controller.</summary>
    public ElementPosition Position { get; private set; } = ElementPosition.Raised;

    /// <summary>What the controller measures beside the position.</summary>
    public BollardFigures Figures => new(RaisedPercent, (_cyclesBefore + _cycles) % CyclesModulus, _stuck ? 155 : 121.5, (int)(HoursBefore + _seconds / 3_600), _stuck);

    private int RaisedPercent => Position switch
    {
        ElementPosition.Raised => 100,
        ElementPosition.Lowered => 0,
        _ => 100 * Math.Clamp(_raising ? TravelSeconds - _secondsLeft : _secondsLeft, 0, TravelSeconds) / TravelSeconds,
    };

    /// <summary>Lets one second pass.</summary>
    /// <param name="stuckAt">Where they get stuck: lowered or moving; null where nothing is wrong.</param>
    /// <returns>Whether the position changed.</returns>
    public bool Step(ElementPosition? stuckAt)
    {
        var before = Position;
        _seconds++;
        _stuck = IsStuck(stuckAt);
        if (Position == ElementPosition.Raised)
        {
            if (stuckAt is not null || random.NextDouble() < VehiclePerSecond)
                Begin(raising: false);
        }
        else if (!_stuck && --_secondsLeft <= 0)
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
            (_cycles, Position) = (_cycles + 1, ElementPosition.Raised);
        else
            (_secondsLeft, Position) = (random.Next(20, 90), ElementPosition.Lowered);
    }
}

/// <summary>What the controller of a bollard measures beside its position.</summary>
/// <param name="RaisedPercent">How far it is up, percent.</param>
/// <param name="Cycles">Times that it came up since it was installed, 0 to 999,999.</param>
/// <param name="PressureBar">Hydraulic pressure, bar.</param>
/// <param name="Hours">Hours in operation.</param>
/// <param name="Stuck">Whether something is in its way.</param>
internal readonly record struct BollardFigures(int RaisedPercent, int Cycles, double PressureBar, int Hours, bool Stuck);
