using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Storage;
using Orleans.Storage;

namespace Monitoring.Silo.State;

/// <summary>Grain state in one SQLite file, opened by the silo role only. Writes that come together share a commit.</summary>
/// <remarks>State is serialised before the first wait, so that a grain may go on changing it while the write is under way.</remarks>
internal sealed class SqliteGrainStorage : IGrainStorage, IDisposable
{
    internal static readonly SqliteSchema Schema = new("CREATE TABLE grain_state (kind TEXT NOT NULL, key TEXT NOT NULL, etag INTEGER NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID");

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Lock _reading = new();
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly LoggedCommits _durable;
    private readonly SqliteConnection _reader;
    private readonly SqliteCommand _write;
    private readonly GroupCommit<StateWrite> _commits;
    private readonly ITimer _tidy;
    private readonly TimeProvider _time;

    public SqliteGrainStorage(string path, IOptions<StateOptions> options, TimeProvider time, ILogger log)
    {
        (_path, _time) = (path, time);
        _writer = SqliteFile.Open(path, Schema, log.StateMigrated);
        _durable = new LoggedCommits(_writer);
        _reader = SqliteFile.Connect(path);
        _write = PrepareWrite();
        _commits = new GroupCommit<StateWrite>("state-store", options.Value.WaitingMax, Commit);
        _tidy = time.CreateTimer(_ => Tidy(), null, SqliteFile.TruncateLogEvery, SqliteFile.TruncateLogEvery);
    }

    /// <summary>Where the grains' state lies in a data folder.</summary>
    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "silo", "state.db");

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        if (Find(stateName, key) is not var (etag, body))
        {
            Reset(grainState);
            return Task.CompletedTask;
        }

        grainState.State = JsonSerializer.Deserialize<T>(body, Json) ?? throw new StoreException($"{_path}: the state of {stateName} '{key}' is empty: restore the file from a copy");
        grainState.ETag = etag.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var write = new StateWrite(stateName, grainId.Key.ToString()!, EtagOf(grainState), JsonSerializer.SerializeToUtf8Bytes(grainState.State, Json));
        return CommitAsync(write, grainState, recordExists: true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await CommitAsync(new StateWrite(stateName, grainId.Key.ToString()!, EtagOf(grainState), null), grainState, recordExists: false);
        Reset(grainState);
    }

    public void Dispose()
    {
        _tidy.Dispose();
        _commits.Dispose();
        _write.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    private static long EtagOf<T>(IGrainState<T> grainState) =>
        grainState.RecordExists ? long.Parse(grainState.ETag!, CultureInfo.InvariantCulture) : 0;

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null!;
        grainState.RecordExists = false;
    }

    // The key is part of what is summed: a body that turns up under another key does not pass.
    internal static long Checksum(string kind, string key, byte[] body) =>
        RowChecksum.Of(RowChecksum.Of(0, Encoding.UTF8.GetBytes($"{kind}\n{key}")), body);

    private async Task CommitAsync<T>(StateWrite write, IGrainState<T> grainState, bool recordExists)
    {
        if (_commits.TryAdd(() => write) is not var (_, committed))
            throw new StoreException($"{_path}: too many writes wait for the disk");
        await committed;
        if (write.Conflict)
            throw new InconsistentStateException($"{write.Kind} '{write.Key}' was written by another activation", null, grainState.ETag);
        grainState.ETag = (write.Etag + 1).ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = recordExists;
    }

    // Overwritten states hold raw counts: they must not live on in the log, nor in a copy of an older form.
    private void Tidy()
    {
        lock (_reading)
            SqliteFile.TruncateLog(_reader);
        SqliteMigration.DeleteOldCopies(_path, _time.GetUtcNow());
    }

    private (long Etag, byte[] Body)? Find(string kind, string key)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = "SELECT etag, body, checksum FROM grain_state WHERE kind = $kind AND key = $key";
            command.Parameters.AddWithValue("$kind", kind);
            command.Parameters.AddWithValue("$key", key);
            using var row = command.ExecuteReader();
            if (!row.Read())
                return null;
            var body = row.GetFieldValue<byte[]>(1);
            return Checksum(kind, key, body) == row.GetInt64(2)
                ? (row.GetInt64(0), body)
                : throw new StoreException($"{_path}: the state of {kind} '{key}' is damaged: restore the file from a copy");
        }
    }

    private SqliteCommand PrepareWrite()
    {
        var command = _writer.CreateCommand();
        command.CommandText = """
            INSERT INTO grain_state (kind, key, etag, body, checksum) VALUES ($kind, $key, $etag + 1, $body, $checksum)
            ON CONFLICT (kind, key) DO UPDATE SET etag = excluded.etag, body = excluded.body, checksum = excluded.checksum WHERE etag = $etag
            """;
        command.Parameters.Add("$kind", SqliteType.Text);
        command.Parameters.Add("$key", SqliteType.Text);
        command.Parameters.Add("$etag", SqliteType.Integer);
        command.Parameters.Add("$body", SqliteType.Blob);
        command.Parameters.Add("$checksum", SqliteType.Integer);
        command.Prepare();
        return command;
    }

    private void Commit(IReadOnlyList<StateWrite> writes)
    {
        using var transaction = _durable.Begin();
        foreach (var write in writes)
            write.Conflict = (write.Body is null ? Delete(write, transaction) : Upsert(write, write.Body, transaction)) == 0;
        _durable.Commit(transaction);
    }

    private int Upsert(StateWrite write, byte[] body, SqliteTransaction transaction)
    {
        _write.Transaction = transaction;
        _write.Parameters["$kind"].Value = write.Kind;
        _write.Parameters["$key"].Value = write.Key;
        _write.Parameters["$etag"].Value = write.Etag;
        _write.Parameters["$body"].Value = body;
        _write.Parameters["$checksum"].Value = Checksum(write.Kind, write.Key, body);
        return _write.ExecuteNonQuery();
    }

    private int Delete(StateWrite write, SqliteTransaction transaction)
    {
        using var command = _writer.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM grain_state WHERE kind = $kind AND key = $key AND etag = $etag";
        command.Parameters.AddWithValue("$kind", write.Kind);
        command.Parameters.AddWithValue("$key", write.Key);
        command.Parameters.AddWithValue("$etag", write.Etag);
        return command.ExecuteNonQuery();
    }

    private sealed record StateWrite(string Kind, string Key, long Etag, byte[]? Body)
    {
        public bool Conflict { get; set; }
    }
}
