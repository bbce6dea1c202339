using Monitoring.Domain.Alarms;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Spaces;

namespace Monitoring.Domain.Tests.Alarms;

/// <summary>A crowd that comes and goes once, seen by a noisy counter, should be told once.</summary>
/// <remarks>
/// Two hours, a bell to 4.4 people/m² over a limit of 4.0, a reading each 10 s with noise of 0.18 people/m² (standard deviation), and
/// the defaults: off 0.3 under on, 30 s on, 60 s off. docs/reference/alarms.md states the result.
/// </remarks>
public sealed class BellTests(ITestOutputHelper output)
{
    private const int Runs = 1_000;
    private const double NoisePerM2 = 0.18;
    private static readonly DateTimeOffset Start = Square.At("2026-06-01T18:00:00Z");
    private static readonly Threshold Default = new(AlarmRule.Density, null, 4, AlarmRule.DefaultOff(AlarmRule.Density, 4), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), 1);

    [Fact]
    public void A_bell_is_told_at_most_1_2_times_on_average_and_never_missed()
    {
        var raised = ParallelEnumerable.Range(1, Runs).Select(seed => Raised(seed, Default)).ToList();
        output.WriteLine($"{raised.Average():0.000} alarms per run, at most {raised.Max()}");
        Assert.DoesNotContain(0, raised);
        Assert.InRange(raised.Average(), 1, 1.2);
    }

    [Fact]
    public void Without_hysteresis_and_time_the_same_bell_is_told_many_times() =>
        Assert.True(Enumerable.Range(1, 20).Average(seed => Raised(seed, Default with { Off = 4, OnFor = TimeSpan.Zero, OffFor = TimeSpan.Zero })) > 10);

    // Through the whole space, message by message; a returned alarm that comes back counts as told again.
    private static int Raised(int seed, Threshold threshold)
    {
        var random = new Random(seed);
        var camera = new Device("camera", "Camera", DeviceKind.CountingCamera, "native", DevicePurpose.Live, TimeSpan.FromSeconds(10), [new("plaza", ChannelSubject.People, "plaza")]);
        var space = new PublicSpace("square", "Square", "", TimeZoneInfo.Utc, [], [new Zone("plaza", "Plaza", 100, 600, [])], [], [], [camera], [threshold]);
        var state = new SpaceState();
        var model = new SpaceModel(space, state);
        for (var second = 0; second <= 7_200; second += 10)
        {
            var density = Math.Max(0, 4.4 * Math.Sin(Math.PI * second / 7_200) + NoisePerM2 * Normal(random));
            var at = Start.AddSeconds(second);
            model.Apply(Square.Message("camera", at, new DensityReading("plaza", at, density)));
        }

        return state.Alarms.Open.Sum(alarm => alarm.Raises);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
