using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Crowd;

/// <summary>What is true in the sample city while a scene is played, second by second, and what a threshold makes of it.</summary>
internal sealed class Truth
{
    private static readonly Site Site = Samples.Site("pilot-city").Site;

    private readonly Dictionary<string, SpaceCrowd> _crowds;
    private readonly Dictionary<(string Space, string Line), Queue<int>> _minutes = [];
    private readonly Dictionary<string, int> _secondsOver = [];

    public Truth(Scene scene, int seed)
    {
        var seeds = new Random(seed);
        _crowds = Site.Spaces.ToDictionary(space => space.Id, space => new SpaceCrowd(space, new Random(seeds.Next()), scene.Fills, scene.Surges));
        foreach (var space in Site.Spaces)
        {
            foreach (var line in space.Lines)
                _minutes[(space.Id, line.Id)] = new Queue<int>();
        }
    }

    /// <summary>Longest time over the level by "space rule subject", seconds.</summary>
    public Dictionary<string, int> LongestOver { get; } = [];

    /// <summary>Levels of service that were true somewhere.</summary>
    public HashSet<Monitoring.Domain.Crowd.LevelOfService> Levels { get; } = [];

    /// <summary>What is over its level now.</summary>
    public IEnumerable<string> Over => _secondsOver.Where(over => over.Value > 0).Select(over => over.Key);

    /// <summary>Highest value by "space rule subject".</summary>
    public Dictionary<string, double> Highest { get; } = [];

    public Truth Play(TimeSpan length)
    {
        for (var second = 1; second <= length.TotalSeconds; second++)
        {
            foreach (var space in Site.Spaces)
                Step(space, TimeSpan.FromSeconds(second % length.TotalSeconds));
        }

        return this;
    }

    private void Step(PublicSpace space, TimeSpan at)
    {
        var crowd = _crowds[space.Id];
        crowd.Step(at);
        foreach (var zone in space.Zones)
        {
            Levels.Add(Monitoring.Domain.Crowd.FruinScale.Of(crowd.DensityIn(zone.Id)));
            Note(space, "density", zone.Id, crowd.DensityIn(zone.Id));
        }

        foreach (var line in space.Lines)
        {
            var minute = _minutes[(space.Id, line.Id)];
            var passed = crowd.PassagesOf(line.Id);
            minute.Enqueue(passed.In + passed.Out);
            if (minute.Count > 61)
                minute.Dequeue();
            if (minute.Count == 61)
                Note(space, "flow", line.Id, (passed.In + passed.Out - minute.Peek()) / line.WidthM);
        }
    }

    private void Note(PublicSpace space, string rule, string subject, double value)
    {
        var what = $"{space.Id} {rule} {subject}";
        Highest[what] = Math.Max(Highest.GetValueOrDefault(what), value);
        var threshold = space.Thresholds.FirstOrDefault(one => one.Rule == rule && (one.Subject is null || one.Subject == subject));
        _secondsOver[what] = value >= threshold?.On ? _secondsOver.GetValueOrDefault(what) + 1 : 0;
        LongestOver[what] = Math.Max(LongestOver.GetValueOrDefault(what), _secondsOver[what]);
    }
}
