using Monitoring.Gateway.Intake;

namespace Monitoring.Gateway.Tests;

public sealed class AllowanceTests
{
    private const long TicksPerSecond = 1_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 200)]
    [InlineData(0.1, 3)]
    public void As_many_as_the_burst_come_at_once_and_then_one_for_each_part_of_a_second(double perSecond, int burst)
    {
        var allowance = new Allowance(perSecond, burst, TicksPerSecond);
        var (fullAt, now, each) = (0L, 12_345L, (long)(TicksPerSecond / perSecond));

        Assert.Equal(burst, Taken(allowance, ref fullAt, now));
        Assert.Equal(0, Taken(allowance, ref fullAt, now + each - 1));
        Assert.Equal(1, Taken(allowance, ref fullAt, now + each));
        Assert.Equal(burst - 1, Taken(allowance, ref fullAt, now + burst * each));
        Assert.Equal(burst, Taken(allowance, ref fullAt, now + 1_000 * burst * each));
    }

    [Fact]
    public void What_is_refused_costs_nothing()
    {
        var allowance = new Allowance(1, 2, TicksPerSecond);
        var fullAt = 0L;
        Assert.Equal(2, Taken(allowance, ref fullAt, 0));

        for (var i = 0; i < 1_000; i++)
            Assert.False(allowance.TryTake(ref fullAt, 500));

        Assert.False(allowance.IsLeft(ref fullAt, 999));
        Assert.True(allowance.IsLeft(ref fullAt, 1_000));
    }

    [Fact]
    public void Many_threads_together_get_no_more()
    {
        var allowance = new Allowance(1, 1_000, TicksPerSecond);
        var (fullAt, taken) = (0L, 0);

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                if (allowance.TryTake(ref fullAt, 0))
                    Interlocked.Increment(ref taken);
            }
        });

        Assert.Equal(1_000, taken);
    }

    private static int Taken(Allowance allowance, ref long fullAt, long now)
    {
        var taken = 0;
        while (allowance.TryTake(ref fullAt, now))
            taken++;
        return taken;
    }
}
