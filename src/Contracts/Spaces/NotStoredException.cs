namespace Monitoring.Contracts.Spaces;

/// <summary>What a person did could not be stored, and was therefore not done.</summary>
[GenerateSerializer, Alias("not-stored")]
public sealed class NotStoredException : Exception
{
    /// <summary>Creates it: the store does not take what was to be changed.</summary>
    public NotStoredException()
        : base("Nothing was changed: the hub cannot write to its disk. Try again in a moment; if it stays so, tell whoever looks after the hub.")
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">What was not done, and what to do.</param>
    public NotStoredException(string message)
        : base(message)
    {
    }
}
