namespace Monitoring.Privacy.Tests;

/// <summary>Answers one attempt of the sampler in every possible way, one after the other, and adds up the weight of each result: its exact law, without any chance.</summary>
internal sealed class AllBranches : IExactRandom
{
    private const double WeightMin = 1e-11;

    // What was answered on the way to here, and how many answers there are at each place.
    private readonly List<(ulong Answer, ulong Last)> _path = [];
    private int _depth;
    private double _weight;
    private double _thin;
    private int _hurried;

    public Dictionary<long, double> Mass { get; } = [];

    /// <summary>Weight of the attempts that the sampler rejects.</summary>
    public double Rejected { get; private set; }

    /// <summary>Weight of the branches that were too thin to follow.</summary>
    public double Lost { get; private set; }

    public int Paths { get; private set; }

    public static AllBranches Walk(Func<IExactRandom, long?> draw)
    {
        var branches = new AllBranches();
        do
            branches.Follow(draw);
        while (branches.Next());
        return branches;
    }

    public ulong Below(ulong n)
    {
        if (_thin == 0 && _weight / n < WeightMin)
            _thin = _weight;
        if (_thin > 0)
            return Hurry(0);
        _weight /= n;
        return Answer(0, n - 1);
    }

    public bool Bernoulli(ulong numerator, ulong denominator)
    {
        if (_thin > 0)
            return Hurry(numerator == denominator ? 1UL : 0) == 1;
        var p = (double)numerator / denominator;
        var answer = Answer(numerator == denominator ? 1UL : 0, numerator == 0 ? 0UL : 1) == 1;
        _weight *= answer ? p : 1 - p;
        if (_weight < WeightMin)
            _thin = _weight;
        return answer;
    }

    // What the rest of a thin branch answers does not matter; small answers end the right sampler soon, and an exception any other.
    private ulong Hurry(ulong answer) => ++_hurried < 100 ? answer : throw new TooThinException();

    private ulong Answer(ulong first, ulong last)
    {
        if (_depth == _path.Count)
            _path.Add((first, last));
        return _path[_depth++].Answer;
    }

    private void Follow(Func<IExactRandom, long?> draw)
    {
        (_depth, _weight, _thin, _hurried) = (0, 1, 0, 0);
        Paths++;
        long? z = null;
        try
        {
            z = draw(this);
        }
        catch (TooThinException)
        {
        }

        if (_thin > 0)
            Lost += _thin;
        else if (z is { } drawn)
            Mass[drawn] = Mass.GetValueOrDefault(drawn) + _weight;
        else
            Rejected += _weight;
    }

    private bool Next()
    {
        if (_path.Count > _depth)
            throw new InvalidOperationException("The sampler asked less than before on the same way: it keeps a state of its own.");
        while (_path.Count > 0 && _path[^1].Answer == _path[^1].Last)
            _path.RemoveAt(_path.Count - 1);
        if (_path.Count == 0)
            return false;
        _path[^1] = (_path[^1].Answer + 1, _path[^1].Last);
        return true;
    }

    private sealed class TooThinException : Exception;
}
