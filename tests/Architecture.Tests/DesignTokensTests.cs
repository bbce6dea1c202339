using System.Globalization;
using System.Text.RegularExpressions;

namespace Monitoring.Architecture.Tests;

/// <summary>The colours of the pages, measured: what must be read can be read, and levels stay apart for eyes that do not see red or green.</summary>
public sealed partial class DesignTokensTests
{
    private static readonly string[] Grounds = ["ground", "panel", "panel-2", "well"];
    private static readonly string[] Levels = ["level-a", "level-b", "level-c", "level-d", "level-e", "level-f"];
    private static readonly string[] Priorities = ["priority-1", "priority-2", "priority-3", "priority-4"];
    private static readonly string[] Texts = ["ink", "ink-2", "ink-3", "accent", "good", "warn", "bad", "replay", "level-unknown", .. Levels, .. Priorities];

    private static readonly Dictionary<string, (Rgb Light, Rgb Dark)> Tokens = Pairs().Matches(Repository.Read("src/Dashboard/wwwroot/tokens.css"))
        .ToDictionary(match => match.Groups[1].Value, match => (Rgb.Parse(match.Groups[2].Value), Rgb.Parse(match.Groups[3].Value)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whatever_is_text_reads_on_every_ground(bool light) => Assert.Empty(
        from text in Texts
        from ground in Grounds
        let contrast = Contrast(Of(text, light), Of(ground, light))
        where contrast < 4.5
        select string.Create(CultureInfo.InvariantCulture, $"--{text} on --{ground}: {contrast:0.00} : 1"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_stands_on_a_filled_mark_reads(bool light)
    {
        Assert.All(["level-e", "level-f"], level => Assert.True(Contrast(Of("on-level", light), Of(level, light)) >= 4.5, level));
        Assert.All(["priority-1", "priority-2"], priority => Assert.True(Contrast(Of("on-priority", light), Of(priority, light)) >= 4.5, priority));
        Assert.True(Contrast(Of("on-accent", light), Of("accent", light)) >= 4.5);
        Assert.True(Contrast(Of("lost-ink", light), Of("lost-ground", light)) >= 4.5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Edges_of_controls_and_the_focus_ring_stand_out(bool light) => Assert.Empty(
        from edge in (string[])["edge", "focus"]
        from ground in Grounds
        where Contrast(Of(edge, light), Of(ground, light)) < 3
        select $"--{edge} on --{ground}");

    // The matrices are those of Machado, Oliveira and Fernandes (2009), for eyes without red (protan) and without green (deutan) cones.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Neighbouring_levels_differ_for_eyes_without_red_or_green(bool light) => Assert.Empty(
        from eye in (Eye[])[Eye.Protan, Eye.Deutan]
        from pair in Levels.Zip(Levels.Skip(1))
        let apart = Of(pair.First, light).SeenBy(eye).DistanceTo(Of(pair.Second, light).SeenBy(eye))
        where apart < 8
        select string.Create(CultureInfo.InvariantCulture, $"{pair.First} and {pair.Second} are {apart:0.0} apart for {eye}"));

    [Fact]
    public void These_rules_see_a_colour_that_does_not_read() => Assert.True(Contrast(Rgb.Parse("777777"), Rgb.Parse("808080")) < 1.2);

    private static Rgb Of(string token, bool light) => light ? Tokens[token].Light : Tokens[token].Dark;

    private static double Contrast(Rgb a, Rgb b) => (Math.Max(a.Luminance, b.Luminance) + 0.05) / (Math.Min(a.Luminance, b.Luminance) + 0.05);

    [GeneratedRegex(@"--([a-z0-9-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)")]
    private static partial Regex Pairs();

    private enum Eye
    {
        Protan,
        Deutan,
    }

    /// <summary>A colour in linear light, each part 0 to 1.</summary>
    private readonly record struct Rgb(double R, double G, double B)
    {
        public double Luminance => 0.2126 * R + 0.7152 * G + 0.0722 * B;

        public static Rgb Parse(string hex) => new(Linear(hex[..2]), Linear(hex[2..4]), Linear(hex[4..]));

        public Rgb SeenBy(Eye eye) => eye == Eye.Protan
            ? new(0.152286 * R + 1.052583 * G - 0.204868 * B, 0.114503 * R + 0.786281 * G + 0.099216 * B, -0.003882 * R - 0.048116 * G + 1.051998 * B)
            : new(0.367322 * R + 0.860646 * G - 0.227968 * B, 0.280085 * R + 0.672501 * G + 0.047413 * B, -0.011820 * R + 0.042940 * G + 0.968881 * B);

        /// <summary>Distance in CIE L*a*b* (D65), the simple one of 1976.</summary>
        public double DistanceTo(Rgb other)
        {
            var (a, b) = (Lab(), other.Lab());
            return Math.Sqrt(Math.Pow(a.L - b.L, 2) + Math.Pow(a.A - b.A, 2) + Math.Pow(a.B - b.B, 2));
        }

        private (double L, double A, double B) Lab()
        {
            var x = Root((0.4124 * R + 0.3576 * G + 0.1805 * B) / 0.9505);
            var y = Root(Luminance);
            var z = Root((0.0193 * R + 0.1192 * G + 0.9505 * B) / 1.089);
            return (116 * y - 16, 500 * (x - y), 200 * (y - z));
        }

        private static double Root(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;

        private static double Linear(string hex)
        {
            var value = int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
