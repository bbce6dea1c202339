using System.Numerics;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>Sums of unknown whole numbers, solved exactly. Where they agree with each other their least-squares solutions are their solutions, and the smallest residual is 0.</summary>
internal sealed class ExactEquations(int unknowns)
{
    private readonly List<BigInteger[]> _rows = [];

    /// <summary>Says that the sum of some unknowns has a value.</summary>
    public void Add(IEnumerable<int> summed, long value)
    {
        var row = new BigInteger[unknowns + 1];
        foreach (var unknown in summed)
            row[unknown] += 1;
        row[unknowns] = value;
        _rows.Add(row);
    }

    /// <summary>Solves them by elimination in whole numbers.</summary>
    /// <returns>Whether they agree, and each unknown that has one value in all solutions.</returns>
    public (bool Agree, IReadOnlyDictionary<int, BigInteger> Known) Solve()
    {
        var rows = _rows.Select(row => row.ToArray()).ToList();
        var done = 0;
        for (var column = 0; column < unknowns; column++)
        {
            var pivot = rows.FindIndex(done, row => !row[column].IsZero);
            if (pivot < 0)
                continue;
            (rows[done], rows[pivot]) = (rows[pivot], rows[done]);
            foreach (var row in rows.Where(row => row != rows[done] && !row[column].IsZero))
                Eliminate(row, rows[done], column);
            done++;
        }

        var known = new Dictionary<int, BigInteger>();
        foreach (var row in rows.Take(done).Where(row => row.Take(unknowns).Count(factor => !factor.IsZero) == 1))
        {
            var unknown = Array.FindIndex(row, factor => !factor.IsZero);
            Assert.True((row[unknowns] % row[unknown]).IsZero, "a sum of whole numbers has a part that is none");
            known[unknown] = row[unknowns] / row[unknown];
        }

        return (rows.Skip(done).All(row => row[unknowns].IsZero), known);
    }

    private static void Eliminate(BigInteger[] row, BigInteger[] by, int column)
    {
        var (own, other) = (by[column], row[column]);
        for (var i = 0; i < row.Length; i++)
            row[i] = row[i] * own - by[i] * other;
        var divisor = row.Aggregate(BigInteger.Zero, (common, factor) => BigInteger.GreatestCommonDivisor(common, factor));
        for (var i = 0; i < row.Length && divisor > 1; i++)
            row[i] /= divisor;
    }
}
