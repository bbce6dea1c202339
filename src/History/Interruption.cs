using DuckDB.NET.Data;

namespace Monitoring.History;

/// <summary>Breaks off what a connection does once a token is cancelled.</summary>
/// <remarks>The engine forgets an interrupt that comes before it has begun, so it is repeated until its work has ended.</remarks>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly DuckDBCommand _command;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _ended;

    public Interruption(DuckDBConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        (_command, _time) = (connection.CreateCommand(), time);
        _registration = cancellation.UnsafeRegister(static self => ((Interruption)self!).Begin(), this);
    }

    /// <summary>After this the connection is left alone.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _ended = true;
            _timer?.Dispose();
            _command.Dispose();
        }
    }

    private void Begin()
    {
        lock (_gate)
        {
            if (!_ended)
                _timer = _time.CreateTimer(_ => Interrupt(), null, TimeSpan.Zero, Again);
        }
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            if (!_ended)
                _command.Cancel();
        }
    }
}
