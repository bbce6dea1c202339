namespace Monitoring.Dashboard.Spaces;

/// <summary>How far a list over many spaces can be believed. A space that never answered counts as silent: what it has to tell is not known.</summary>
/// <param name="Watched">Spaces looked at.</param>
/// <param name="Silent">Those that do not answer now.</param>
/// <param name="IsKnown">Whether any has ever answered.</param>
internal readonly record struct Answering(int Watched, int Silent, bool IsKnown)
{
    /// <summary>Whether none answers, though one once did.</summary>
    public bool IsLost => IsKnown && Silent == Watched;

    /// <summary>How many answer, as a sentence.</summary>
    public string Words => Silent > 0 ? $"{Watched - Silent} of {Watched} spaces answer." : Watched == 1 ? "The one space in your scope answers." : $"All {Watched} spaces in your scope answer.";

    /// <summary>Looks at what the feed has.</summary>
    public static Answering Of(IReadOnlyCollection<SpaceLive> spaces) =>
        new(spaces.Count, spaces.Count(space => !space.IsLive), spaces.Any(space => space.Snapshot is not null));
}
