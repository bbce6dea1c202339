using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Monitoring.Host.Tests.Accounts;

/// <summary>A small OpenID Connect provider on loopback: discovery, keys, authorize, token. It lets everybody in, as whoever the test says, and lies where it is told to.</summary>
internal sealed class SmallProvider : IAsyncDisposable
{
    public const string ClientId = "hub";
    public const string ClientSecret = "a secret of the hub";

    private static readonly string[] Code = ["code"];
    private static readonly string[] Public = ["public"];
    private static readonly string[] Rs256 = ["RS256"];

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string RedirectUri)> _codes = new();
    private readonly WebApplication _app;

    private SmallProvider(WebApplication app) => _app = app;

    /// <summary>Its address.</summary>
    public string Authority => _app.Urls.Single();

    /// <summary>Claims of the person beside the protocol's own.</summary>
    public JsonObject Person { get; set; } = [];

    /// <summary>Changes the payload of the id token before it is signed.</summary>
    public Action<JsonObject> Lie { get; set; } = _ => { };

    /// <summary>What it sends back as state in place of what it was sent.</summary>
    public string? State { get; set; }

    /// <summary>Whether the token is signed by a key that it does not publish.</summary>
    public bool ForeignKey { get; set; }

    public static async Task<SmallProvider> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var provider = new SmallProvider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Discovery);
        app.MapGet("/jwks", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        await app.StartAsync(cancellation);
        return provider;
    }

    /// <summary>Settings of a hub that uses it.</summary>
    public Dictionary<string, string> Settings() => SettingsOf(Authority);

    public static Dictionary<string, string> SettingsOf(string authority) => new()
    {
        ["MONITORING__Dashboard__Oidc__Authority"] = authority,
        ["MONITORING__Dashboard__Oidc__ClientId"] = ClientId,
        ["MONITORING__Dashboard__Oidc__Secret"] = ClientSecret,
        ["MONITORING__Dashboard__Oidc__Roles"] = "hub-supervisors=supervisor; hub-operators=operator",
        ["MONITORING__Dashboard__SignIn__AttemptsMax"] = "1000",
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Discovery() => Results.Json(new
    {
        issuer = Authority,
        authorization_endpoint = $"{Authority}/authorize",
        token_endpoint = $"{Authority}/token",
        jwks_uri = $"{Authority}/jwks",
        response_types_supported = Code,
        subject_types_supported = Public,
        id_token_signing_alg_values_supported = Rs256,
    });

    private IResult Keys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "one", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) } } });
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
            return Results.BadRequest();
        var code = RandomNumberGenerator.GetHexString(32);
        _codes[code] = (query["code_challenge"]!, query["nonce"]!, query["redirect_uri"]!);
        return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"]!, new Dictionary<string, string?> { ["code"] = code, ["state"] = State ?? query["state"] }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var asked) || asked.Challenge != challenge || asked.RedirectUri != form["redirect_uri"] || form["client_secret"] != ClientSecret)
            return Results.Json(new { error = "invalid_grant" }, statusCode: StatusCodes.Status400BadRequest);
        return Results.Json(new { access_token = "none", token_type = "Bearer", id_token = IdToken(asked.Nonce) });
    }

    private string IdToken(string nonce)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var payload = (JsonObject)Person.DeepClone();
        payload["iss"] = Authority;
        payload["aud"] = ClientId;
        payload["iat"] = now;
        payload["exp"] = now + 300;
        payload["nonce"] = nonce;
        Lie(payload);
        var text = $"{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", typ = "JWT", kid = "one" }))}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(payload))}";
        using var foreign = RSA.Create(2048);
        var signature = (ForeignKey ? foreign : _key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }
}
