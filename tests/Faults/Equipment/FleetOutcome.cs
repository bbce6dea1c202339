using System.Globalization;
using Monitoring.Fleet;

namespace Monitoring.Faults.Equipment;

/// <summary>What the fleet saw, read from its file.</summary>
/// <param name="Accepted">Numbers of messages that were acknowledged.</param>
/// <param name="Attempts">How often each message was sent.</param>
/// <param name="PutOff">Answers that the hub cannot keep a message now.</param>
/// <param name="Refused">Messages refused for good, with the reason.</param>
internal sealed record FleetOutcome(IReadOnlySet<int> Accepted, IReadOnlyDictionary<int, int> Attempts, int PutOff, IReadOnlyList<string> Refused)
{
    /// <summary>Of the accepted messages, those whose rows in the journal were damaged since: nobody can read what they said.</summary>
    public IReadOnlySet<int> Damaged { get; init; } = new HashSet<int>();

    /// <summary>Reads the file. A last line that was cut by a kill says nothing.</summary>
    public static FleetOutcome Read(string log)
    {
        var (accepted, attempts, putOff, refused) = (new HashSet<int>(), new Dictionary<int, int>(), 0, new List<string>());
        var text = File.ReadAllText(log);
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var number = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            switch (line[0])
            {
                case FleetEntry.Accepted:
                    Assert.True(accepted.Add(number), $"message {number} was acknowledged twice on the way of one");
                    break;
                case FleetEntry.Tried:
                    attempts[number] = attempts.GetValueOrDefault(number) + 1;
                    break;
                case FleetEntry.PutOff:
                    // The attempt after it is not written down anew: it is counted here.
                    (putOff, attempts[number]) = (putOff + 1, attempts[number] + 1);
                    break;
                default:
                    refused.Add(line);
                    break;
            }
        }

        return new FleetOutcome(accepted, attempts, putOff, refused);
    }
}
