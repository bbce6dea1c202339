using Monitoring.Domain.Accounts;

namespace Monitoring.Domain.Tests.Accounts;

public sealed class LockOutTests
{
    private static readonly LockOutRule Rule = new(3, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(5));
    private static readonly DateTimeOffset T0 = new(2026, 1, 1, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_last_attempt_that_is_allowed_locks_and_none_before_it()
    {
        var two = LockOut.None.Attempt(T0, Rule).Attempt(T0, Rule);
        Assert.False(two.IsLocked(T0, Rule));
        Assert.True(two.Attempt(T0, Rule).IsLocked(T0, Rule));
    }

    [Fact]
    public void A_lock_ends_by_itself_and_leaves_all_attempts()
    {
        var locked = LockOut.None.Attempt(T0, Rule).Attempt(T0, Rule).Attempt(T0, Rule);
        Assert.True(locked.IsLocked(T0 + Rule.LockedFor - TimeSpan.FromTicks(1), Rule));
        var after = T0 + Rule.LockedFor;
        Assert.False(locked.IsLocked(after, Rule));
        Assert.False(locked.Attempt(after, Rule).Attempt(after, Rule).IsLocked(after, Rule));
        Assert.True(locked.Attempt(after, Rule).Attempt(after, Rule).Attempt(after, Rule).IsLocked(after, Rule));
    }

    [Fact]
    public void Wrong_passwords_count_within_the_window_only()
    {
        var two = LockOut.None.Attempt(T0, Rule).Attempt(T0, Rule);
        Assert.True(two.Attempt(T0 + Rule.Window - TimeSpan.FromTicks(1), Rule).IsLocked(T0 + Rule.Window, Rule));
        Assert.False(two.Attempt(T0 + Rule.Window, Rule).IsLocked(T0 + Rule.Window, Rule));
    }

    [Fact]
    public void A_clock_that_was_set_back_locks_nobody_for_longer_than_a_lock_lasts()
    {
        var locked = new LockOut(0, DateTimeOffset.MinValue, T0 + TimeSpan.FromDays(1));
        Assert.False(locked.IsLocked(T0, Rule));
    }
}
