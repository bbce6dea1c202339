using System.Globalization;
using System.Text;

namespace Monitoring.Fleet;

/// <summary>What became of each message, in a file: a line is with the kernel before its message counts as done.</summary>
public sealed class FleetLog(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 });

    /// <summary>The hub acknowledged it.</summary>
    public void Accepted(int number) => Write(FleetEntry.Accepted, number, "");

    /// <summary>It is about to be sent. Where no answer follows, it may have been accepted or not.</summary>
    public void Tried(int number) => Write(FleetEntry.Tried, number, "");

    /// <summary>The hub cannot keep it now (MQTT 5: 0x97); it is sent again.</summary>
    public void PutOff(int number) => Write(FleetEntry.PutOff, number, "");

    /// <summary>The hub refused it for good.</summary>
    public void Refused(int number, string why) => Write(FleetEntry.Refused, number, why);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(char what, int number, string why)
    {
        var line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {number} {why}").TrimEnd() + "\n");
        lock (_lock)
            _file.Write(line);
    }
}

/// <summary>First letters of the lines of a <see cref="FleetLog"/>.</summary>
public static class FleetEntry
{
    /// <summary>Acknowledged.</summary>
    public const char Accepted = 'a';

    /// <summary>About to be sent.</summary>
    public const char Tried = 't';

    /// <summary>Answered with "cannot be kept now".</summary>
    public const char PutOff = 'p';

    /// <summary>Refused for good.</summary>
    public const char Refused = 'r';
}
