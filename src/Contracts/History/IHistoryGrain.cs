using Monitoring.Domain.History;

namespace Monitoring.Contracts.History;

/// <summary>Copies what is released to where it is read, and answers questions about it. Nobody who asks it reaches a true count, or the ledger's pen. Key: 0.</summary>
[GrainInterfaceType("history"), Alias("history")]
public interface IHistoryGrain : IGrainWithIntegerKey
{
    /// <summary>Points of one series.</summary>
    /// <param name="question">What is asked.</param>
    /// <returns>UTF-8 JSON of a <see cref="HistoryReply"/>, or why there is none.</returns>
    [Alias("read")]
    Task<HistoryAnswer> ReadAsync(HistoryQuestion question);

    /// <summary>The typical week of one series.</summary>
    /// <param name="question">What is asked; its grid does not matter.</param>
    /// <returns>UTF-8 JSON of a <see cref="WeekProfile"/>, or why there is none.</returns>
    [Alias("week")]
    Task<HistoryAnswer> WeekAsync(HistoryQuestion question);

    /// <summary>The series of a space.</summary>
    /// <param name="space">The space.</param>
    /// <returns>UTF-8 JSON of a list of <see cref="HistorySeries"/>, or why there is none.</returns>
    [Alias("series")]
    Task<HistoryAnswer> SeriesAsync(string space);

    /// <summary>How a device was.</summary>
    /// <param name="device">The device.</param>
    /// <param name="from">UTC, included.</param>
    /// <param name="to">UTC, excluded.</param>
    /// <returns>UTF-8 JSON of a list of <see cref="HealthPoint"/>, or why there is none.</returns>
    [Alias("health")]
    Task<HistoryAnswer> HealthAsync(string device, DateTimeOffset from, DateTimeOffset to);

    /// <summary>A file of points, piece by piece.</summary>
    /// <param name="question">What is asked; with an empty series, all of the space.</param>
    /// <param name="format">Kind of file.</param>
    /// <param name="withNoise">Whether noisy sums are in it: for the data protection officer.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HistoryRefusedException">There is no such file; nothing was given.</exception>
    [Alias("export")]
    IAsyncEnumerable<byte[]> ExportAsync(HistoryQuestion question, HistoryFormat format, bool withNoise, CancellationToken cancellation);

    /// <summary>What a space promises and spent.</summary>
    /// <param name="space">The space.</param>
    /// <param name="from">First day in its zone.</param>
    /// <param name="to">Last day.</param>
    /// <returns>UTF-8 JSON of a <see cref="PrivacyReport"/>, or why there is none.</returns>
    [Alias("privacy")]
    Task<HistoryAnswer> PrivacyAsync(string space, DateOnly from, DateOnly to);

    /// <summary>Takes back the numbers of a space and day; entered in the audit log first. What they cost stays spent.</summary>
    /// <param name="space">The space.</param>
    /// <param name="day">The day in its zone.</param>
    /// <param name="by">Name of the person.</param>
    /// <param name="reason">Why, 1 to 500 characters.</param>
    /// <returns>How many numbers were taken back.</returns>
    /// <exception cref="HistoryRefusedException">There is no such space and never was; nothing was done.</exception>
    [Alias("withdraw")]
    Task<int> WithdrawAsync(string space, DateOnly day, string by, string reason);

    /// <summary>Makes all copies anew from the ledger.</summary>
    [Alias("rebuild")]
    Task RebuildAsync();

    /// <summary>How far the copies are.</summary>
    /// <returns>UTF-8 JSON of a list of <see cref="CopyStatus"/>.</returns>
    [Alias("copies")]
    Task<byte[]> CopiesAsync();
}

/// <summary>A question about history.</summary>
/// <param name="Space">The space.</param>
/// <param name="Series">The series.</param>
/// <param name="Grid">Name of a grid, as <see cref="GridName"/> knows them.</param>
/// <param name="From">UTC, included.</param>
/// <param name="To">UTC, excluded.</param>
[Immutable, GenerateSerializer, Alias("history-question")]
public sealed record HistoryQuestion([property: Id(0)] string Space, [property: Id(1)] string Series, [property: Id(2)] string Grid, [property: Id(3)] DateTimeOffset From, [property: Id(4)] DateTimeOffset To);

/// <summary>An answer, or why there is none.</summary>
/// <param name="Json">UTF-8 JSON; null where there is no answer.</param>
/// <param name="Refusal">A fixed word: <c>not-found</c>, <c>grid-unknown</c>, <c>not-on-a-border</c>, <c>grid-not-released</c>, <c>too-many-points</c>, <c>away</c>; null where there is an answer.</param>
/// <param name="Detail">What to do, for a person; empty where there is an answer.</param>
[Immutable, GenerateSerializer, Alias("history-answer")]
public sealed record HistoryAnswer([property: Id(0)] byte[]? Json, [property: Id(1)] string? Refusal = null, [property: Id(2)] string Detail = "");

/// <summary>A file of history that cannot be made, or a deed that cannot be done, as asked.</summary>
[GenerateSerializer, Alias("history-refused")]
public sealed class HistoryRefusedException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="refusal">A fixed word, as in <see cref="HistoryAnswer.Refusal"/>.</param>
    /// <param name="message">What to do, for a person.</param>
    public HistoryRefusedException(string refusal, string message)
        : base(message) => Refusal = refusal;

    /// <summary>A refusal without words.</summary>
    public HistoryRefusedException()
        : this("away", "The history cannot be read now.")
    {
    }

    /// <summary>A refusal.</summary>
    /// <param name="message">What to do, for a person.</param>
    public HistoryRefusedException(string message)
        : this("away", message)
    {
    }

    /// <summary>A refusal because of a fault.</summary>
    /// <param name="message">What to do, for a person.</param>
    /// <param name="fault">The fault.</param>
    public HistoryRefusedException(string message, Exception fault)
        : base(message, fault) => Refusal = "away";

    /// <summary>A fixed word, as in <see cref="HistoryAnswer.Refusal"/>.</summary>
    [Id(0)]
    public string Refusal { get; private set; }
}
