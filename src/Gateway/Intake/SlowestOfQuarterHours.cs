namespace Monitoring.Gateway.Intake;

/// <summary>The longest time noted in this quarter of an hour and the one before.</summary>
/// <remarks>A maximum that is reset by its reader would say, read often enough, when single messages came.</remarks>
internal sealed class SlowestOfQuarterHours
{
    private const long QuarterHourMs = 15 * 60 * 1_000;

    private readonly Lock _gate = new();
    private long _quarterHour;
    private TimeSpan _now;
    private TimeSpan _before;

    public void Note(TimeSpan took)
    {
        lock (_gate)
        {
            Turn();
            _now = took > _now ? took : _now;
        }
    }

    public TimeSpan Slowest()
    {
        lock (_gate)
        {
            Turn();
            return _now > _before ? _now : _before;
        }
    }

    private void Turn()
    {
        var quarterHour = Environment.TickCount64 / QuarterHourMs;
        if (quarterHour == _quarterHour)
            return;
        _before = quarterHour == _quarterHour + 1 ? _now : TimeSpan.Zero;
        (_now, _quarterHour) = (TimeSpan.Zero, quarterHour);
    }
}
