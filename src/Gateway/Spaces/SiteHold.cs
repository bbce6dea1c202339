namespace Monitoring.Gateway.Spaces;

/// <summary>Keeps equipment out while the silo of this process has not said which site is in force: a start may bring a new one, and by the old one somebody would get in whom the new one has taken out.</summary>
/// <remarks>A gateway without a silo of its own is never held: it serves by the last site that it knows.</remarks>
public sealed class SiteHold
{
    private const int Open = -1;

    private int _version = Open;

    /// <summary>Lets nobody in until <see cref="LiftAt"/> is called.</summary>
    public void Hold() => Volatile.Write(ref _version, int.MaxValue);

    /// <summary>Lets equipment in once the silo's site is in force here.</summary>
    /// <param name="version">Version that the silo has at least.</param>
    public void LiftAt(int version) => Volatile.Write(ref _version, version);

    /// <summary>Whether equipment may sign in by a site.</summary>
    /// <param name="version">Its version; 0 where none is in force that the silo has confirmed.</param>
    internal bool Admits(int version) => Volatile.Read(ref _version) is var needed && (needed == Open || (version > 0 && version >= needed));
}
