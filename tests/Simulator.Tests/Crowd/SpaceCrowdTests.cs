using Monitoring.Domain.Spaces;
using Monitoring.Simulator.Crowd;
using Monitoring.Simulator.Equipment;
using Monitoring.Simulator.Exercises;

namespace Monitoring.Simulator.Tests.Crowd;

public sealed class SpaceCrowdTests
{
    private static readonly Site Site = Samples.Site("pilot-city").Site;

    [Fact]
    public void Nobody_appears_or_vanishes_but_over_a_line_whatever_the_seed_and_the_scene()
    {
        foreach (var (scene, seed) in Scenes.Names.Where(name => name != Scenes.Programme).Select(Scenes.Of).SelectMany(scene => Enumerable.Range(1, 6).Select(seed => (scene, seed))))
        {
            foreach (var space in Site.Spaces)
            {
                var crowd = new SpaceCrowd(space, new Random(seed), scene.Fills, scene.Surges);
                var before = space.Zones.ToDictionary(zone => zone.Id, zone => crowd.PeopleIn(zone.Id));
                for (var second = 1; second <= scene.Length.TotalSeconds; second++)
                {
                    crowd.Step(TimeSpan.FromSeconds(second));
                    foreach (var zone in space.Zones)
                    {
                        var balance = space.Lines.Sum(line => (line.To == zone.Id ? 1 : line.From == zone.Id ? -1 : 0) * (crowd.PassagesOf(line.Id).In - crowd.PassagesOf(line.Id).Out));
                        if (crowd.PeopleIn(zone.Id) != before[zone.Id] + balance || crowd.PeopleIn(zone.Id) < 0)
                            Assert.Fail($"{scene.Name}, seed {seed}, second {second}: {space.Id} {zone.Id} has {crowd.PeopleIn(zone.Id)}, over its lines came {before[zone.Id] + balance}");
                    }
                }
            }
        }
    }

    [Fact]
    public void A_line_never_lets_through_more_than_its_width_by_far()
    {
        var scene = Scenes.Of("match-egress");
        var truth = new Truth(scene, 9).Play(scene.Length);
        Assert.All(truth.Highest.Where(highest => highest.Key.Contains(" flow ", StringComparison.Ordinal)), highest => Assert.InRange(highest.Value, 0, 1.15 * SpaceCrowd.FlowMax));
    }

    [Fact]
    public void A_device_misses_up_to_three_percent_of_one_direction_and_never_sees_more_than_there_is()
    {
        var errors = Enumerable.Range(0, 200).Select(seed => new CountingError(new Random(seed))).Select(error => error.Counted(new LinePassages(10_000, 10_000))).ToList();
        Assert.All(errors, counted => Assert.True((counted.In == 10_000 || counted.Out == 10_000) && Math.Min(counted.In, counted.Out) is >= 9_700 and <= 10_000));
        Assert.InRange(errors.Average(counted => 20_000 - counted.In - counted.Out), 100, 200);
        Assert.Contains(errors, counted => counted.In < 10_000);
        Assert.Contains(errors, counted => counted.Out < 10_000);
    }

    [Fact]
    public void What_a_device_has_counted_never_goes_back()
    {
        var error = new CountingError(new Random(4));
        var before = default(LinePassages);
        for (var passed = 0; passed < 5_000; passed++)
        {
            var counted = error.Counted(new LinePassages(passed, passed));
            Assert.True(counted.In >= before.In && counted.Out >= before.Out);
            before = counted;
        }
    }
}
