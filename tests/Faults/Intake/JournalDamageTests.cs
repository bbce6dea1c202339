using System.Text;
using Monitoring.Faults.Equipment;
using Monitoring.Harness;

namespace Monitoring.Faults.Intake;

/// <summary>A journal that is damaged while the hub is down: what is damaged is set apart and counted, and nothing else is lost; or the hub does not start, and says why.</summary>
public sealed class JournalDamageTests
{
    private static readonly FaultSite Site = new(2, 2);

    [Fact]
    public async Task A_flipped_bit_costs_its_own_row_which_goes_to_quarantine()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var trial = await DamagedHub.StartAsync(Site, cancellation);
        JournalDamage.Checkpoint(trial.Journal);
        var chosen = trial.Script.Messages[new Chance(RunSeed.Value, 0).Below(trial.Script.Messages.Count)];
        var text = Encoding.UTF8.GetBytes($"\"in\":{chosen.Telling.In},\"out\":{chosen.Telling.Out}");
        Assert.Equal(1, JournalDamage.Flip(trial.Journal, text));

        await trial.StartAgainAsync(cancellation);

        Assert.Equal([chosen], await trial.CheckAsync("flipped bit in a row of the journal", cancellation));
        Assert.Contains("quarantine", trial.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unfinished_write_at_the_end_of_the_log_costs_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var trial = await DamagedHub.StartAsync(Site, cancellation);
        JournalDamage.Append($"{trial.Journal}-wal", new Chance(RunSeed.Value, 1).Bytes(5_000));

        await trial.StartAgainAsync(cancellation);

        Assert.Empty(await trial.CheckAsync("unfinished write at the end of the journal's log", cancellation));
    }

    [Fact]
    public async Task A_torn_tail_of_the_file_costs_the_rows_in_it_which_go_to_quarantine()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var trial = await DamagedHub.StartAsync(Site, cancellation);
        JournalDamage.Checkpoint(trial.Journal);
        JournalDamage.Cut(trial.Journal, 100);

        await trial.StartAgainAsync(cancellation);

        Assert.InRange((await trial.CheckAsync("torn tail of the journal", cancellation)).Count, 1, 2);
        Assert.Contains("quarantine", trial.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_in_the_middle_of_the_log_is_refused_and_never_taken_for_its_end()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var trial = await DamagedHub.StartAsync(Site, cancellation);
        JournalDamage.FlipMiddle($"{trial.Journal}-wal");

        Assert.Contains("journal.db", await trial.RefusalAsync("flipped bit in the middle of the journal's log", cancellation), StringComparison.Ordinal);
    }
}
