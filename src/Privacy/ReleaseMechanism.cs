namespace Monitoring.Privacy;

/// <summary>The only way from a true number to one that may be seen: find, charge, draw, add.</summary>
/// <remarks>
/// <para><b>Promise.</b> Take one person, one space and one day of its calendar, and two worlds that differ only in that person's passages
/// and presence there on that day: at most C crossings of lines, and at most M minute samples that count the person. Then for every set of
/// outcomes the probability that all releases of that space and day fall into it differs between the two worlds by at most a factor of
/// e^ε, where ε is the sum of the epsilons of the groups charged, at most the budget.</para>
/// <para><b>It holds if</b></para>
/// <list type="number">
/// <item>the cells of a group partition the day, and a stream is in one series at most (<see cref="ReleasePlan"/>, <see cref="SeriesMap"/>;
/// <see cref="Ledger"/> keeps both as they are for the rest of a day once a number is out);</item>
/// <item>each number of a series and cell gets its own noise, once, drawn here with rate ε/Δ of its group, where Δ is C or M
/// (<see cref="DiscreteLaplace"/>; the unique key makes "once" true);</item>
/// <item>which cells are released, when, and with what coverage or refusal does not depend on passages or presence;</item>
/// <item>whatever is seen outside the control room is computed from releases and from such schedules, and from nothing else.</item>
/// </list>
/// <para><b>Proof.</b> By (1) a crossing changes one cell of one series by one, and a minute sample likewise; cutting a count to its range
/// brings two counts closer or leaves them. So the true numbers of a group, as one vector, differ by at most Δ in the sum of their
/// differences. By (2) the probability of each vector of releases is a product of terms proportional to e^(-|y-n|·ε/Δ), and by the triangle
/// inequality that product changes by at most e^(Δ·ε/Δ) = e^ε. Groups have independent noise, so their factors multiply and their
/// epsilons add; the budget bounds the sum. By (3) and (4) all else is computed from the releases without the person, which cannot raise the
/// factor. A person in v spaces on a day: the sum over the spaces. A person on d days: the sum over the days.</para>
/// <para><b>It does not promise</b> anything about people who exceed C or M beyond the same multiple of ε, nor about groups of people, habits
/// over many days, what is shown live, the equipment itself, or an operator who changes this program.</para>
/// </remarks>
public static class ReleaseMechanism
{
    /// <summary>Releases a cell, or returns what was released for it before. Not to be called while somebody waits for an answer: the time of a draw says something about what was drawn.</summary>
    /// <param name="book">The book, within a transaction.</param>
    /// <param name="day">The terms on the cell's day.</param>
    /// <param name="cell">The cell.</param>
    /// <returns>What the book holds for the cell, now and for ever.</returns>
    /// <exception cref="ArgumentException">The series or the cell is not one of that day.</exception>
    public static Released Release(IReleaseBook book, ReleaseDay day, SealedCell cell) => Release(book, day, cell, new OperatingSystemRandom());

    internal static Released Release(IReleaseBook book, ReleaseDay day, SealedCell cell, IExactRandom random)
    {
        var key = new CellKey(day.Terms.Space, cell.Series, cell.Cell.From);
        if (book.Find(key) is { } before)
            return before;

        var group = day.GroupOf(cell.Series);
        if (day.CellAt(group.Kind, cell.Cell.From) != cell.Cell)
            throw new ArgumentException($"{cell.Cell} is no cell of '{cell.Series}' on {day.Day.Date:O}.");
        var empty = new Released(key, cell.Cell.To, day.Day.Date, group.Kind, day.Terms.Version, group.Epsilon, group.Sensitivity, cell.Coverage, null, null);
        if (book.MayBeOut(day.Day))
            return book.Add(empty with { Reason = ReleaseReason.Restored }, null);
        if (cell.Coverage.Alive < 1)
            return book.Add(empty with { Reason = ReleaseReason.NoData }, null);

        var charge = day.ChargeOf(group.Kind);
        var answer = new Ledger(book.ChargesBeside(charge)).Ask(charge);
        if (answer.Refusal is { } refusal)
            return book.Add(empty with { Reason = refusal }, null);

        var noise = DiscreteLaplace.Draw(NoiseRate.Of(group.Epsilon, group.Sensitivity), random);
        return book.Add(empty with { Value = group.Clamp(cell.Count) + noise }, answer.IsNew ? charge : null);
    }
}
