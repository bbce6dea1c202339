namespace Monitoring.Domain.Equipment;

/// <summary>When a rule applies: tests joined by <c>&amp;&amp;</c>. A test is an expression alone (there and not null), <c>== x</c>, <c>!= x</c>, <c>is null</c>, <c>is missing</c> or <c>is not null</c> (missing or there).</summary>
internal sealed class ProfileCondition
{
    private readonly Test[] _tests;

    private ProfileCondition(Test[] tests) => _tests = tests;

    /// <summary>Reads a condition, or gives null where it is none.</summary>
    public static ProfileCondition? Read(string text, IReadOnlySet<string> known)
    {
        var tests = ProfileText.Split(text, "&&").Select(part => Test.Read(part, known)).ToArray();
        return tests.Contains(null) ? null : new ProfileCondition(tests!);
    }

    public bool Holds(ProfileScope scope)
    {
        foreach (var test in _tests)
        {
            if (!test.Holds(scope))
                return false;
        }

        return true;
    }

    private enum Comparison
    {
        There,
        Equal,
        Different,
        Null,
        Missing,
        NotNull,
    }

    private sealed record Test(ProfileSlot Left, Comparison Comparison, ProfileOperand? Right)
    {
        private static readonly (string Ending, Comparison Comparison)[] Endings = [(" is not null", Comparison.NotNull), (" is null", Comparison.Null), (" is missing", Comparison.Missing)];

        public static Test? Read(string text, IReadOnlySet<string> known)
        {
            foreach (var (ending, kind) in Endings)
            {
                if (text.EndsWith(ending, StringComparison.Ordinal))
                    return ProfileSlot.Read(text[..^ending.Length].Trim(), known) is { } slot ? new Test(slot, kind, null) : null;
            }

            foreach (var (sign, kind) in (ReadOnlySpan<(string, Comparison)>)[(" == ", Comparison.Equal), (" != ", Comparison.Different)])
            {
                if (ProfileText.Split(text, sign) is [var left, var right])
                    return ProfileSlot.Read(left, known) is { } slot && ProfileOperand.Read(right, known) is { } operand ? new Test(slot, kind, operand) : null;
            }

            return ProfileSlot.Read(text, known) is { } alone ? new Test(alone, Comparison.There, null) : null;
        }

        // What is missing, null or not what a step takes equals nothing and differs from nothing.
        public bool Holds(ProfileScope scope)
        {
            var value = Left.Of(scope);
            return Comparison switch
            {
                Comparison.There => value.IsThere,
                Comparison.Null => value.Form == ValueForm.Null,
                Comparison.Missing => value.Form == ValueForm.Missing,
                Comparison.NotNull => value.Form != ValueForm.Null,
                _ => value.AsScalar() is { } text && value.Form != ValueForm.Failed && Right!.Matches(text, scope) == (Comparison == Comparison.Equal),
            };
        }
    }
}
