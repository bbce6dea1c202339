namespace Monitoring.Domain.History;

/// <summary>Which points of one hour of the week may be measured against each other: after a change of the plan one may be an hour, another a night or a day.</summary>
public static class PieceLength
{
    /// <summary>How far nights and days of one plan differ by the clocks: one of 5 hours and one of 7.</summary>
    public static readonly TimeSpan ClocksMax = TimeSpan.FromHours(2);

    /// <summary>What is longer is a night or a day; what is shorter is half an hour that clocks cut off.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Whether two points are the same piece of a day. Longer ones than an hour are, where the clocks can have made the difference.</summary>
    /// <param name="one">Length of a point.</param>
    /// <param name="other">Length of a point that begins in the same hour of the week.</param>
    public static bool IsSame(TimeSpan one, TimeSpan other) => one == other || (one > Hour && other > Hour && (one - other).Duration() <= ClocksMax);
}
