using System.Buffers.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Signs in with a passkey (WebAuthn): the browser asks for a challenge, the authenticator signs it, nobody types a name. A locked password does not matter here.</summary>
internal static class PasskeyEndpoints
{
    public static IServiceCollection AddPasskeys(this IServiceCollection services)
    {
        services.AddIdentityCore<Account>().AddUserStore<AccountStore>();
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.AddSingleton<PasskeyState>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<SignInOptions>>((passkeys, options) =>
        {
            // The authenticator keeps the account and checks who holds it (PIN, finger, face): the passkey is both factors.
            passkeys.ResidentKeyRequirement = "required";
            passkeys.UserVerificationRequirement = "required";
            passkeys.ServerDomain = options.Value.PasskeyDomain is { Length: > 0 } domain ? domain : null;
        });
        return services;
    }

    public static void MapPasskeys(this IEndpointRouteBuilder app)
    {
        var session = app.MapGroup("/session/passkey").AllowAnonymous().RequireRateLimiting(SignInEndpoints.LimitedPasskey).ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(SignInEndpoints.FormBytesMax));
        session.MapPost("/begin", BeginAsync);
        session.MapPost("", SignInAsync);
    }

    // The form parameter makes the framework check the antiforgery token.
    private static async Task<IResult> BeginAsync([FromForm] string? next, HttpContext context, IPasskeyHandler<Account> handler, PasskeyState states)
    {
        _ = next;
        var asked = await handler.MakeRequestOptionsAsync(null, context);
        states.Keep(context, PasskeyState.ToSignIn, asked.AssertionState ?? "");
        return Results.Text(asked.RequestOptionsJson, "application/json");
    }

    private static async Task<IResult> SignInAsync([FromForm] string? credential, [FromForm] string? next, HttpContext context, IPasskeyHandler<Account> handler, PasskeyState states, IGrainFactory grains, ILogger<PasskeyState> log)
    {
        if (states.Take(context, PasskeyState.ToSignIn) is not { } state)
            return Refuse(log, "its time was over");
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential ?? "", AssertionState = state });
        if (!result.Succeeded)
            return Refuse(log, "it does not prove what it should");
        if (result.User.Disabled)
            return Refuse(log, "the account is disabled");
        if (!await grains.GetGrain<IAccountsGrain>(0).PasskeyUsedAsync(result.User.User, Base64Url.EncodeToString(result.Passkey.CredentialId), result.Passkey.SignCount, result.Passkey.IsBackedUp))
            return Refuse(log, "it was used before, or has been removed");
        await context.BeginSessionAsync(result.User, "passkey");
        return TypedResults.Ok(new { to = SignInEndpoints.LocalPath(next) });
    }

    private static ProblemHttpResult Refuse(ILogger log, string why)
    {
        log.PasskeyRefused(why);
        return ProblemAnswers.Of(StatusCodes.Status401Unauthorized, "The passkey does not open this hub", "Try again, or sign in with the password.");
    }
}
