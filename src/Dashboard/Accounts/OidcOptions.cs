using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Sign-in by a provider of identities (OpenID Connect, code flow with PKCE), beside local accounts. Off while no authority is set. Section <c>Dashboard:Oidc</c>.</summary>
public sealed class OidcOptions : IValidatableObject
{
    public const string Section = "Dashboard:Oidc";

    /// <summary>Address of the provider, as in <c>https://login.example.org/realms/city</c>; <c>http</c> only on this machine. Empty: no provider. Default empty.</summary>
    public string Authority { get; init; } = "";

    /// <summary>Name of the hub at the provider. Default empty.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Secret of the hub at the provider, best given in the environment; empty for a public client, or with a secret file. Default empty.</summary>
    public string Secret { get; init; } = "";

    /// <summary>File that holds the secret instead; readable by the hub only. Default empty.</summary>
    public string SecretFile { get; init; } = "";

    /// <summary>Address of the hub as browsers see it, as in <c>https://hub.example.org</c>; needed behind a reverse proxy. Empty: what the request says. Default empty.</summary>
    public string PublicUrl { get; init; } = "";

    /// <summary>Name of the provider on the sign-in page. Default <c>your organisation</c>.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string Provider { get; init; } = "your organisation";

    /// <summary>Scopes asked for, separated by blanks. Default <c>openid profile</c>.</summary>
    [Required]
    public string Scopes { get; init; } = "openid profile";

    /// <summary>Claim of the id token that names the person. Default <c>preferred_username</c>; where it is missing, <c>sub</c>.</summary>
    [Required]
    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>Claim of the id token that carries groups or roles. Default <c>roles</c>.</summary>
    [Required]
    public string RoleClaim { get; init; } = "roles";

    /// <summary>Which value of that claim is which role of the hub, the first that fits wins: <c>hub-supervisors=supervisor; hub-operators=operator</c>. Whoever has none of them is refused. Default empty.</summary>
    public string Roles { get; init; } = "";

    /// <summary>Claim of the id token that lists the ids of the spaces that the person may see. Empty: all spaces. Set but missing in a token: refused. Default empty.</summary>
    public string ScopeClaim { get; init; } = "";

    /// <summary>A session ends after so many hours whatever happens. 1 to 24, default 12.</summary>
    [Range(1, 24)]
    public int SessionHours { get; init; } = 12;

    /// <summary>The provider must answer within so many seconds. 1 to 60, default 10.</summary>
    [Range(1, 60)]
    public int AnswerSeconds { get; init; } = 10;

    internal bool IsConfigured => Authority.Length > 0;

    /// <summary>Changes with everything that decides who may do what: sessions of another one end.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Authority, ClientId, NameClaim, RoleClaim, Roles, ScopeClaim))));

    /// <summary>The table of roles, in its order; null where it cannot be read.</summary>
    internal IReadOnlyList<(string Value, Role Role)>? RoleTable
    {
        get
        {
            var table = new List<(string, Role)>();
            foreach (var line in Roles.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                // The last one: names from a directory have signs of equality in them.
                var at = line.LastIndexOf('=');
                if (at < 1 || RoleNames.Parse(line[(at + 1)..].Trim()) is not { } role)
                    return null;
                table.Add((line[..at].Trim(), role));
            }

            return table;
        }
    }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
            yield break;
        if (!IsSafe(Authority))
            yield return new("must be an https address, or http on this machine (127.0.0.1, ::1, localhost): a token over http can be forged on the way", [nameof(Authority)]);
        if (ClientId.Length == 0)
            yield return new("is needed with an authority", [nameof(ClientId)]);
        if (RoleTable is not { Count: > 0 })
            yield return new($"must be a table such as 'hub-operators=operator; hub-admins=admin'; roles are {string.Join(", ", RoleNames.All)}", [nameof(Roles)]);
        if (PublicUrl.Length > 0 && !IsSafe(PublicUrl))
            yield return new("must be an https address, or http on this machine", [nameof(PublicUrl)]);
        if (Secret.Length > 0 && SecretFile.Length > 0)
            yield return new("cannot be used together with Secret: give one of the two", [nameof(SecretFile)]);
        if (SecretFile.Length > 0 && !File.Exists(SecretFile))
            yield return new($"names a file that is not there: {SecretFile}", [nameof(SecretFile)]);
        if (!Scopes.Split(' ').Contains("openid"))
            yield return new("must contain openid", [nameof(Scopes)]);
    }

    /// <summary>The secret, from wherever it was given; null for a public client.</summary>
    internal string? ReadSecret() => SecretFile.Length > 0 ? File.ReadAllText(SecretFile).Trim() : Secret.Length > 0 ? Secret : null;

    private static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
