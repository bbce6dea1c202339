using System.ComponentModel.DataAnnotations;

namespace Monitoring.Dashboard.Spaces;

/// <summary>Map tiles under the plans. Off while no address is set: then nothing is fetched from outside the hub. Section <c>Dashboard:Map</c>.</summary>
public sealed class MapOptions : IValidatableObject
{
    public const string Section = "Dashboard:Map";

    private static readonly string[] Places = ["{z}", "{x}", "{y}"];

    /// <summary>Address of map tiles with <c>{z}</c>, <c>{x}</c> and <c>{y}</c> in its path or query, as in <c>https://tiles.example.org/{z}/{x}/{y}.png</c>; <c>http</c> only on this machine; or a path that a proxy in front of the hub serves, as in <c>/tiles/{z}/{x}/{y}.png</c>. Browsers load from there, and its server learns where somebody looks. At most 500 characters. Empty: no tiles. Default empty.</summary>
    [StringLength(500)]
    public string TileUrl { get; init; } = "";

    /// <summary>Text at the edge of the plan that names whose map it is, as its licence asks. At most 200 characters. Default empty.</summary>
    [StringLength(200)]
    public string TileAttribution { get; init; } = "";

    /// <summary>Largest zoom for which there are tiles; beyond it they are enlarged. 1 to 22, default 19.</summary>
    [Range(1, 22)]
    public int TileZoomMax { get; init; } = 19;

    internal bool IsConfigured => TileUrl.Length > 0;

    /// <summary>Where images come from besides the hub, as the content security policy writes it; null where from nowhere.</summary>
    internal string? Origin => !IsConfigured || IsPath || Address is not { } address ? null : address.IsDefaultPort ? $"{address.Scheme}://{address.IdnHost}" : $"{address.Scheme}://{address.IdnHost}:{address.Port}";

    private bool IsPath => TileUrl.StartsWith('/') && !TileUrl.StartsWith("//", StringComparison.Ordinal);

    private string Filled => Places.Aggregate(TileUrl, (text, place) => text.Replace(place, "0", StringComparison.Ordinal));

    private Uri? Address => Uri.TryCreate(Filled, UriKind.Absolute, out var address) ? address : null;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsConfigured && Problem() is { } problem)
            yield return new(problem, [nameof(TileUrl)]);
    }

    private string? Problem()
    {
        if (Places.FirstOrDefault(place => TileUrl.Split(place).Length != 2) is { } missing)
            return $"must name {missing} once, as in https://tiles.example.org/{{z}}/{{x}}/{{y}}.png";
        if (Filled.Any(letter => "{}\\\"'<>".Contains(letter, StringComparison.Ordinal) || char.IsWhiteSpace(letter) || char.IsControl(letter)))
            return "must hold no braces but {z}, {x} and {y}, and no blanks, quotes or backslashes";
        if (IsPath)
            return null;
        if (Address is not { Host.Length: > 0 } address || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            return "must begin with https://, or with http:// on this machine (127.0.0.1, localhost), or be a path such as /tiles/{z}/{x}/{y}.png that a proxy in front of the hub serves";
        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0)
            return "must hold no user name, password or #: every browser would see them";
        if (address.HostNameType == UriHostNameType.IPv6)
            return "must give its host as a name or IPv4 address: a content security policy cannot name IPv6";
        // With a place in the host, each tile would come from another server.
        return TileUrl.IndexOf('{', StringComparison.Ordinal) < TileUrl.IndexOf('/', TileUrl.IndexOf("//", StringComparison.Ordinal) + 2) ? "must have {z}, {x} and {y} in its path or query, not in its host" : null;
    }
}
