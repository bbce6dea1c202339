namespace Monitoring.Domain.Accounts;

/// <summary>
/// What a password that a person chose must be: long, and not among the first that anyone would guess. No rule about kinds of characters, which makes passwords
/// harder to remember and no harder to guess (NIST SP 800-63B, 3.1.1.2).
/// </summary>
public static class PasswordRule
{
    /// <summary>Fewest characters.</summary>
    public const int LengthMin = 12;

    /// <summary>Most characters.</summary>
    public const int LengthMax = 256;

    // Words that lists of leaked passwords begin with, and the words of this product; with digits or signs around them they are no better.
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "password", "passwort", "motdepasse", "contrasena", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertz", "azerty", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfgh", "asdfghjkl",
        "zxcvbnm", "qazwsx", "qazwsxedc", "letmein", "welcome", "willkommen", "bienvenue", "iloveyou", "admin", "administrator", "root", "superuser", "changeme", "default", "secret", "geheim",
        "master", "login", "dragon", "monkey", "football", "fussball", "baseball", "sunshine", "princess", "superman", "batman", "pokemon", "starwars", "computer", "internet", "whatever", "trustno",
        "abc", "abcd", "abcdef", "abcdefgh", "test", "testing", "summer", "sommer", "winter", "spring", "autumn", "police", "polizei", "security", "operator", "supervisor", "technician", "analyst",
        "monitoring", "monitoringhub", "hub", "controlroom", "dutyofficer", "pilotcity",
    };

    /// <summary>Says what is wrong with a password.</summary>
    /// <param name="user">User name it is for.</param>
    /// <param name="password">The password.</param>
    /// <returns>One sentence that says what to do; null where it may be used.</returns>
    public static string? Problem(string user, string password)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length < LengthMin)
            return $"Choose at least {LengthMin} characters; several words in a row are easy to remember.";
        if (password.Length > LengthMax)
            return $"Choose at most {LengthMax} characters.";
        var word = Word(password);
        if (user.Length > 0 && word == Word(user))
            return "Choose something else than the user name.";
        return IsCommon(password, word) ? "This is one of the first passwords that anyone would guess. Choose several words that have nothing to do with each other." : null;
    }

    private static bool IsCommon(string password, string word) =>
        word.Length < 4 || Common.Contains(word) || Common.Any(common => Repeats(word, common)) || password.Distinct().Count() < 4 || IsRun(password);

    // What remains without the digits and signs at both ends: "Password2026!" is "password".
    private static string Word(string text)
    {
        var letters = text.ToLowerInvariant().AsSpan();
        while (letters.Length > 0 && !char.IsLetter(letters[0]))
            letters = letters[1..];
        while (letters.Length > 0 && !char.IsLetter(letters[^1]))
            letters = letters[..^1];
        return letters.ToString();
    }

    private static bool Repeats(string word, string common) =>
        word.Length > common.Length && word.Length % common.Length == 0 && word.Replace(common, "", StringComparison.Ordinal).Length == 0;

    // Each character one after, or one before, the last: "abcdefghijkl".
    private static bool IsRun(string password) =>
        password.Zip(password.Skip(1), (a, b) => Math.Abs(a - b)).All(step => step <= 1);
}
