namespace Monitoring.Silo.Privacy;

/// <summary>When a release may be seen: at an instant of a schedule that counts cannot move.</summary>
internal static class ReleaseTick
{
    /// <summary>Releases come out at whole multiples of it.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>How long after its end a cell comes out at the earliest.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>The tick of a cell.</summary>
    /// <param name="cellEnd">UTC end of the cell.</param>
    /// <param name="now">The instant at which its release is stored. A whole step lies between it and the tick, so that the time which draws and commit take is not seen.</param>
    public static DateTimeOffset Of(DateTimeOffset cellEnd, DateTimeOffset now)
    {
        var (due, stored) = (cellEnd + Grace, now + Every);
        return Ceiling(due > stored ? due : stored);
    }

    /// <summary>The tick at which something that is done now comes out: the next one.</summary>
    /// <param name="now">The current instant.</param>
    public static DateTimeOffset After(DateTimeOffset now) => Ceiling(now + TimeSpan.FromTicks(1));

    private static DateTimeOffset Ceiling(DateTimeOffset instant) => new((instant.UtcTicks + Every.Ticks - 1) / Every.Ticks * Every.Ticks, TimeSpan.Zero);
}
