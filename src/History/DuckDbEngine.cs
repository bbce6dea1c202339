using DuckDB.NET.Data;
using Monitoring.Domain.History;

namespace Monitoring.History;

/// <summary>The engine behind the history: one writer, as many questions as the options say, faults told as the port tells them.</summary>
/// <param name="path">Path of the file; it is opened when it is first needed.</param>
/// <param name="options">Limits.</param>
/// <param name="time">For the time that a question may take.</param>
internal sealed class DuckDbEngine(string path, HistoryOptions options, TimeProvider time) : IDisposable
{
    // What is being written at the end is finished, or undone when the file is opened again.
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    private readonly DuckDbFile _file = new(path, options);
    private readonly QueryGate _questions = new(options.QueriesMax, options.WaitingMax);
    private readonly SemaphoreSlim _writer = new(1);
    private readonly Lock _opening = new();
    private DuckDBConnection? _open;
    private bool _ended;

    /// <summary>Folder of files that are being fetched.</summary>
    public string Exports => _file.Exports;

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (_ended || !_writer.Wait(EndWithin))
            return;
        _ended = true;
        Close();
        _questions.Dispose();
        _writer.Dispose();
    }

    /// <summary>Asks something on a connection of its own: with a turn, for a time, broken off when nobody waits any more.</summary>
    /// <param name="question">Runs on a thread of the pool.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<T> AskAsync<T>(Func<DuckDBConnection, T> question, CancellationToken cancellation)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(options.QuerySeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, tooLong.Token);
        try
        {
            using var turn = await _questions.EnterAsync(both.Token).ConfigureAwait(false);
            return await Task.Run(() => Ask(question, both.Token), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HistoryAwayException($"The question took longer than {options.QuerySeconds} s and was broken off: ask for a shorter range, or raise Silo:History:QuerySeconds.");
        }
        catch (Exception fault) when (Away(fault) is { } away)
        {
            if (DuckDbFault.EndsEngine(fault))
                await WithWriterAsync(Close, cancellation).ConfigureAwait(false);
            throw away;
        }
    }

    private T Ask<T>(Func<DuckDBConnection, T> question, CancellationToken cancellation)
    {
        using var connection = Connect();
        return Interruptible(question, connection, cancellation);
    }

    private T Interruptible<T>(Func<DuckDBConnection, T> work, DuckDBConnection connection, CancellationToken cancellation)
    {
        using var interruption = new Interruption(connection, time, cancellation);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return work(connection);
        }
        catch (DuckDBException fault) when (DuckDbFault.IsInterrupt(fault))
        {
            // Where the engine was still reading the statement, the driver tells it as a fault.
            throw new OperationCanceledException(fault.Message, fault, cancellation);
        }
    }

    /// <summary>Writes in one transaction, one after the other.</summary>
    /// <param name="work">Runs on a thread of the pool; what it did is there once the task has ended, or not at all.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<T> WriteAsync<T>(Func<DuckDBConnection, T> work, CancellationToken cancellation) => WithWriterAsync(() =>
    {
        try
        {
            return Write(work, cancellation);
        }
        catch (Exception fault) when (Away(fault) is { } away)
        {
            // The engine may refuse everything after some faults; a file that is opened again tells.
            Close();
            throw away;
        }
    }, cancellation);

    private T Write<T>(Func<DuckDBConnection, T> work, CancellationToken cancellation)
    {
        var connection = Opened();
        using var transaction = connection.BeginTransaction();
        var done = Interruptible(work, connection, cancellation);
        cancellation.ThrowIfCancellationRequested();
        transaction.Commit();
        _file.Restrict();
        return done;
    }

    /// <summary>Makes the space of deleted rows free for others. Where somebody is reading, the next time does it.</summary>
    public Task<int> GiveBackAsync(CancellationToken cancellation) => WithWriterAsync(() =>
    {
        try
        {
            return Sql.Execute(Opened(), "CHECKPOINT");
        }
        catch (DuckDBException)
        {
            return 0;
        }
    }, cancellation);

    /// <summary>Puts the file aside and begins a new one.</summary>
    public Task<bool> BeginAnewAsync(CancellationToken cancellation) => WithWriterAsync(() =>
    {
        Close();
        _file.SetAside();
        try
        {
            return Opened() is not null;
        }
        catch (Exception fault) when (Away(fault) is { } away)
        {
            throw away;
        }
    }, cancellation);

    private async Task<T> WithWriterAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    private DuckDBConnection Connect()
    {
        lock (_opening)
        {
            _open ??= _file.Open();
            return _file.Connect();
        }
    }

    private DuckDBConnection Opened()
    {
        lock (_opening)
            return _open ??= _file.Open();
    }

    private bool Close()
    {
        lock (_opening)
        {
            _open?.Dispose();
            _open = null;
            return true;
        }
    }

    private HistoryAwayException? Away(Exception fault) => fault switch
    {
        UnusableFileException unusable => new(unusable.Message, unusable) { NeedsPerson = true },
        DuckDBException engine => DuckDbFault.Of(engine, _file.Path, options),
        IOException or UnauthorizedAccessException => new($"{_file.Path} cannot be used now ({fault.Message}); it is tried again. Look at the disk if it stays.", fault),
        _ => null,
    };
}
