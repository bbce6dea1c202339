using System.Globalization;
using Monitoring.Domain.Accounts;
using Orleans.Storage;

namespace Monitoring.Silo.Accounts;

/// <summary>The rows of the audit log: blocks of entries, and one head row that lists the months.</summary>
internal sealed class AuditRows(IGrainStorage storage)
{
    /// <summary>State name of all rows.</summary>
    public const string Kind = "audit";

    /// <summary>Key of the head row.</summary>
    public const string Head = "head";

    /// <summary>Entries of a full block. Part of the format: an entry's block is found by its number.</summary>
    public const int BlockLength = 64;

    /// <summary>Most blocks of a month: 6.4 million entries. At the limit the log takes nothing more until the next month.</summary>
    public const int BlocksMax = 100_000;

    /// <summary>Key of a block. Keys order as blocks do.</summary>
    public static string KeyOf(string segment, int index) => string.Create(CultureInfo.InvariantCulture, $"{segment}/{index:D5}");

    public Task<AuditRow<AuditHead>> ReadHeadAsync() => ReadAsync<AuditHead>(Head);

    /// <summary>A block; with <see cref="AuditRow{T}.Exists"/> false where there is none.</summary>
    public Task<AuditRow<AuditBlockState>> ReadBlockAsync(string segment, int index) => ReadAsync<AuditBlockState>(KeyOf(segment, index));

    /// <summary>A block that is not stored yet.</summary>
    public static AuditRow<AuditBlockState> NewBlock(string segment, int index) => new(KeyOf(segment, index), new());

    public Task WriteAsync<T>(AuditRow<T> row)
        where T : new() => storage.WriteStateAsync(Kind, IdOf(row.Key), row.Stored);

    /// <summary>Removes all blocks of a segment, the last first, so that what a crash leaves begins with the first again.</summary>
    public async Task ClearAsync(string segment)
    {
        var blocks = new Stack<AuditRow<AuditBlockState>>();
        while (await ReadBlockAsync(segment, blocks.Count) is { Exists: true } block)
            blocks.Push(block);
        while (blocks.TryPop(out var block))
            await storage.ClearStateAsync(Kind, IdOf(block.Key), block.Stored);
    }

    private async Task<AuditRow<T>> ReadAsync<T>(string key)
        where T : new()
    {
        var row = new AuditRow<T>(key, new());
        await storage.ReadStateAsync(Kind, IdOf(key), row.Stored);
        return row;
    }

    private static GrainId IdOf(string key) => GrainId.Create(Kind, key);
}

/// <summary>A row and what it holds.</summary>
internal sealed class AuditRow<T>(string key, GrainState<T> stored)
    where T : new()
{
    /// <summary>Its key.</summary>
    public string Key { get; } = key;

    /// <summary>What the store knows of it.</summary>
    public GrainState<T> Stored { get; } = stored;

    /// <summary>Whether the store has it.</summary>
    public bool Exists => Stored.RecordExists;

    /// <summary>What it holds.</summary>
    public T Value
    {
        get => Stored.State ??= new();
        set => Stored.State = value;
    }
}

/// <summary>Months of the log, oldest first. Written when a block is full or a month ends; blocks after it are found by looking.</summary>
internal sealed record AuditHead
{
    /// <summary>Months that are kept. The last one is open.</summary>
    public IReadOnlyList<AuditMonth> Months { get; init; } = [];

    /// <summary>A month whose blocks are being removed.</summary>
    public string? Dropping { get; init; }

    /// <summary>An entry that is in the log: the last when this row was written.</summary>
    public AuditMark Known { get; init; } = AuditMark.Start;
}

/// <summary>A month of the log.</summary>
/// <param name="Name">Its segment.</param>
/// <param name="First">Number of its first entry.</param>
/// <param name="Blocks">At least so many blocks it has.</param>
/// <param name="End">Its last entry, once it is closed.</param>
internal sealed record AuditMonth(string Name, long First, int Blocks, AuditMark? End);

/// <summary>Entries stored together.</summary>
internal sealed record AuditBlockState
{
    /// <summary>1 to <see cref="AuditRows.BlockLength"/> entries.</summary>
    public IReadOnlyList<AuditLine> Lines { get; init; } = [];
}
