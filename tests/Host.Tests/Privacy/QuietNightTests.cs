using System.Security.Cryptography;
using Monitoring.Domain.Crowd;
using Monitoring.Domain.Equipment;
using Monitoring.Domain.Intake;
using Monitoring.Domain.Privacy;
using Monitoring.Domain.Spaces;
using Monitoring.Privacy;
using Monitoring.Silo.Privacy;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>A-15: a night in which at most one person crossed a square, at ten past three. Whoever knows that nobody else was there still cannot tell.</summary>
public sealed class QuietNightTests
{
    private const int Nights = 20_000;

    private static readonly TimeZoneInfo Brussels = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");
    private static readonly DateTimeOffset Midnight = new(2026, 11, 21, 23, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset TenPastThree = Midnight.AddMinutes(190);

    internal static readonly PublicSpace Space = new(
        "square", "Square", "Testville", Brussels, [], [new Zone("main", "Main", 100, 100, [])], [new CountingLine("gate", "Gate", 3, "outside", "main", [])], [],
        [new Device("counter", "Counter", DeviceKind.Counter, "native", DevicePurpose.Live, TimeSpan.FromHours(1), [new DeviceChannel("gate", ChannelSubject.Passages, "gate")])], [])
    { Release = new ReleaseRules(PlaceClass.Open, CellLength.P60, NightBlock: true, ReleaseRules.EpsilonMicroDefault, Crossings: 4, null) };

    [Theory]
    // In and out again: of the two numbers each is one higher. Who guesses so where both are above zero, and tosses a coin where one is, is right 56.2 % of the time.
    [InlineData(1, 1, 10_789, 11_696)]
    // Twice over the same line the same way: one number is two higher. 61.1 %; the bound for four crossings is 69.7 %, the promise 73.1 %.
    [InlineData(2, 0, 11_765, 12_656)]
    public void A15_Who_looks_for_one_person_in_an_empty_night_is_right_as_often_as_calculated(int passagesIn, int passagesOut, int from, int to)
    {
        var right = 0;
        for (var night = 0; night < Nights; night++)
        {
            var there = night % 2 == 1;
            var cells = Sealed(there ? passagesIn : 0, there ? passagesOut : 0);

            // Beside the two numbers nothing tells one night from another.
            Assert.Equal([("gate-in", Midnight, Midnight.AddHours(6), 1), ("gate-out", Midnight, Midnight.AddHours(6), 1)], cells.Select(one => (one.Cell.Series, one.Cell.Cell.From, one.Cell.Cell.To, one.Cell.Coverage.Alive)));
            var book = new NightBook();
            var numbers = cells.Select(one => ReleaseMechanism.Release(book, one.Day, one.Cell)).ToList();
            Assert.All(numbers, number => Assert.Null(number.Reason));
            Assert.Equal(1, book.Charged);
            right += Guess([.. numbers.Select(number => number.Value!.Value)], passagesOut > 0) == there ? 1 : 0;
        }

        // Exact binomial, two-sided 10^-10, for 20,000 nights: more would be a leak, less an attacker who does not do what is possible.
        Assert.InRange(right, from, to);
    }

    // The likelier of the two cases.
    private static bool Guess(long[] numbers, bool both)
    {
        var above = (numbers[0] > 0 ? 1 : 0) + (both && numbers[1] > 0 ? 1 : 0);
        return both && above == 1 ? RandomNumberGenerator.GetInt32(2) == 1 : above > 0;
    }

    // The way of a passage into a sealed cell, as the space's grain goes it.
    private static List<(ReleaseDay Day, SealedCell Cell)> Sealed(int passagesIn, int passagesOut)
    {
        var state = new SpaceState();
        state.Releases.DaysTo = new DateOnly(2026, 11, 21);
        var cells = new SpaceCells(Space.Id, state);
        cells.Pin(Space, 1, Midnight.AddMinutes(1), SpaceCells.AheadOnWallClock);
        var device = state.Devices["counter"] = new DeviceState();
        for (var hour = 0; hour <= 6; hour++)
            device.Heard.Note(Midnight.AddHours(hour), TimeSpan.FromHours(2));
        var line = state.Lines["gate"];
        for (var i = 0; i < passagesIn + passagesOut; i++)
        {
            var at = TenPastThree.AddMinutes(i);
            Assert.Equal(SetAside.None, line.Count(i < passagesIn ? 1 : 0, i < passagesIn ? 0 : 1, null, at, Brussels, new RepeatMarks(Numbered: true, default), cell: cells.CellOf("gate", at)));
        }

        cells.Seal(Midnight.AddHours(6).AddMinutes(2));
        return [.. state.Releases.Sealed.Select(cell => (cells.TermsOf(cell.Day)!, new SealedCell(cell.Series, new Cell(cell.From, cell.To), cell.Count, new CellCoverage(cell.Alive, cell.Total))))];
    }

    /// <summary>What one night needs of a ledger.</summary>
    private sealed class NightBook : IReleaseBook
    {
        private readonly List<Charge> _charges = [];

        public int Charged => _charges.Count;

        public Released? Find(CellKey key) => null;

        public bool MayBeOut(CivilDay day) => false;

        public IReadOnlyCollection<Charge> ChargesBeside(Charge wanted) => _charges;

        public Released Add(Released released, Charge? charge)
        {
            if (charge is not null)
                _charges.Add(charge);
            return released;
        }
    }
}
