using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Monitoring.Contracts;

namespace Monitoring.Gateway.Accounts;

/// <summary>The secrets with which connections sign in; hashed, in <c>gateway/secrets.json</c>. Changes by another process are seen at the next sign-in.</summary>
public sealed class ConnectionSecrets : IDisposable
{
    /// <summary>Shortest secret that a person may give, bytes.</summary>
    public const int BytesMin = 8;

    /// <summary>Longest secret, bytes.</summary>
    public const int BytesMax = 512;

    /// <summary>Proofs of stretched secrets remembered; at the limit all are forgotten and computed anew.</summary>
    private const int ProvenMax = 1_024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly HashSet<string> _proven = [];
    private readonly byte[] _provenKey = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _stretching = new(2);
    private readonly string _path;
    private readonly StoredSecret _decoy = StoredSecret.Of(RandomNumberGenerator.GetBytes(32), fromPerson: false);
    private Dictionary<string, StoredSecret> _secrets = new(StringComparer.Ordinal);
    private (DateTime Written, long Bytes) _read = (default, -1);

    /// <summary>Opens the store; it may be empty.</summary>
    /// <param name="dataFolder">The hub's data folder.</param>
    public ConnectionSecrets(string dataFolder) => _path = Path.Combine(dataFolder, "gateway", "secrets.json");

    /// <summary>Makes a secret of 256 random bits for a connection and stores its hash; an older one no longer fits.</summary>
    /// <param name="name">Connection name.</param>
    /// <returns>The secret, to be shown once.</returns>
    public string Generate(string name) => Generate([name])[name];

    /// <summary>Makes secrets for many connections at once.</summary>
    /// <param name="names">Connection names.</param>
    /// <returns>The secrets by name.</returns>
    public IReadOnlyDictionary<string, string> Generate(IEnumerable<string> names)
    {
        var made = names.Distinct(StringComparer.Ordinal).ToDictionary(name => name, _ => RandomNumberGenerator.GetHexString(64, lowercase: true), StringComparer.Ordinal);
        Store(made.Select(entry => (entry.Key, StoredSecret.Of(Encoding.UTF8.GetBytes(entry.Value), fromPerson: false))));
        return made;
    }

    /// <summary>Stores the hash of a secret that a person chose.</summary>
    /// <param name="name">Connection name.</param>
    /// <param name="secret">The secret, <see cref="BytesMin"/> to <see cref="BytesMax"/> bytes in UTF-8.</param>
    /// <exception cref="ArgumentException">The secret is too short or too long.</exception>
    public void Set(string name, string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var bytes = Encoding.UTF8.GetBytes(secret);
        if (bytes.Length is < BytesMin or > BytesMax)
            throw new ArgumentException($"A secret has {BytesMin} to {BytesMax} bytes.", nameof(secret));
        Store([(name, StoredSecret.Of(bytes, fromPerson: true))]);
    }

    /// <summary>Whether a connection has a secret.</summary>
    /// <param name="name">Connection name.</param>
    public bool Has(string name)
    {
        lock (_lock)
        {
            Reload();
            return _secrets.ContainsKey(name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stretching.Dispose();

    /// <summary>Whether a secret fits. An unknown name costs as much as a known one whose secret a person gave, where there is one.</summary>
    /// <param name="name">Connection name.</param>
    /// <param name="secret">What was given as its secret.</param>
    /// <param name="mayGuess">Whether a secret that a person chose is looked at at all. One that the hub made always is: it cannot be guessed, and looking costs nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<bool> FitsAsync(string name, byte[] secret, Func<bool> mayGuess, CancellationToken cancellation)
    {
        StoredSecret? stored;
        bool known;
        lock (_lock)
        {
            Reload();
            known = _secrets.TryGetValue(name, out stored);
            stored ??= Decoy();
        }

        if (secret.Length > BytesMax)
            return false;
        var fits = stored.Iterations == 0 ? stored.Fits(secret) : await StretchedFitsAsync(stored, secret, mayGuess, cancellation);
        return fits && known;
    }

    private async Task<bool> StretchedFitsAsync(StoredSecret stored, byte[] secret, Func<bool> mayGuess, CancellationToken cancellation)
    {
        // Before the proofs: against one that is remembered, guessing would be fast.
        if (!mayGuess())
            return false;
        byte[] proven = [.. stored.Hash, .. secret];
        var proof = Convert.ToHexString(HMACSHA256.HashData(_provenKey, proven));
        lock (_lock)
        {
            if (_proven.Contains(proof))
                return true;
        }

        // Two at a time: sign-ins with wrong secrets must not take the processors from intake.
        await _stretching.WaitAsync(cancellation);
        try
        {
            // Asked again: those that waited meanwhile may have used up what was left.
            if (!mayGuess() || !await Task.Run(() => stored.Fits(secret), cancellation))
                return false;
        }
        finally
        {
            _stretching.Release();
        }

        lock (_lock)
        {
            if (_proven.Count >= ProvenMax)
                _proven.Clear();
            _proven.Add(proof);
        }

        return true;
    }

    private StoredSecret Decoy() => _secrets.Values.FirstOrDefault(secret => secret.Iterations > 0) is { } stretched ? _decoy with { Iterations = stretched.Iterations } : _decoy;

    private void Store(IEnumerable<(string Name, StoredSecret Secret)> entries)
    {
        lock (_lock)
        {
            Reload();
            var next = new Dictionary<string, StoredSecret>(_secrets, StringComparer.Ordinal);
            foreach (var (name, secret) in entries)
                next[name] = secret;
            PrivateFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(next, Json));
            _secrets = next;
            _read = Stat();
        }
    }

    private void Reload()
    {
        var now = Stat();
        if (now == _read)
            return;
        _secrets = now.Bytes < 0 ? new(StringComparer.Ordinal) : new(JsonSerializer.Deserialize<Dictionary<string, StoredSecret>>(File.ReadAllBytes(_path), Json) ?? [], StringComparer.Ordinal);
        _read = now;
    }

    private (DateTime Written, long Bytes) Stat()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : (default, -1);
    }
}
