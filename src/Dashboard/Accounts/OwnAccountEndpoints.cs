using System.Buffers.Text;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>What people change about their own account. A new password and a new passkey ask for the password: an unattended screen must not give the account away.</summary>
internal static class OwnAccountEndpoints
{
    private const int NameLengthMax = 64;

    public static void MapOwnAccount(this IEndpointRouteBuilder app)
    {
        var account = app.MapGroup("/account").RequireAuthorization(Policies.OwnAccount).ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(SignInEndpoints.FormBytesMax));
        account.MapPost("/password", ChangePasswordAsync).RequireRateLimiting(SignInEndpoints.Limited);
        account.MapPost("/sessions/end", EndSessionsAsync);
        account.MapPost("/passkeys/begin", BeginPasskeyAsync).RequireRateLimiting(SignInEndpoints.Limited);
        account.MapPost("/passkeys", AddPasskeyAsync);
        account.MapPost("/passkeys/remove", RemovePasskeyAsync);
    }

    private static async Task<IResult> ChangePasswordAsync([FromForm] string? current, [FromForm] string? password, [FromForm] string? again, HttpContext context, AuditTrail trail, AuditRefusals refusals, IGrainFactory grains, SessionCheck sessions, ILogger<SessionCheck> log)
    {
        var user = NameOf(context.User);
        if (password != again)
            return Back("problem=again");
        if (PasswordRule.Problem(user, password ?? "") is not null)
            return Back("problem=password");
        if (await CheckAsync(grains, refusals, user, current) is not { } account)
            return Back("problem=current");
        await trail.NoteAsync("own-password-changed", user, user);
        var change = new AccountChange(NewAccount.NewStamp()) { PasswordHash = NewAccount.HashOf(password!), IfStamp = account.Stamp };
        if (await Grain(grains).ChangeAsync(user, change) is not { } changed)
        {
            await trail.NoteAsync("not-done", user, user, "own-password-changed");
            return Back("problem=changed");
        }

        sessions.Forget(user);
        log.AccountsChanged("own password changed");
        await context.BeginSessionAsync(changed, "new password");
        return Back("done=password");
    }

    private static async Task<IResult> EndSessionsAsync([FromForm] string? reason, HttpContext context, AuditTrail trail, IGrainFactory grains, SessionCheck sessions, ILogger<SessionCheck> log)
    {
        _ = reason;
        var user = NameOf(context.User);
        // Who comes from a provider has no account here whose sessions could be ended: only this one, as by signing out.
        if (await Grain(grains).FindAsync(user) is null)
            return Back("problem=elsewhere");
        await trail.NoteAsync("own-sessions-ended", user, user);
        if (await Grain(grains).ChangeAsync(user, new AccountChange(NewAccount.NewStamp())) is null)
            return await trail.NotDoneAsync("own-sessions-ended", context.User, user, Back("problem=gone"));
        sessions.Forget(user);
        log.AccountsChanged("own sessions ended");
        await context.SignOutAsync(SessionCookie.Scheme);
        return SignInEndpoints.SeeOther("/sign-in");
    }

    private static async Task<IResult> BeginPasskeyAsync([FromForm] string? current, HttpContext context, IPasskeyHandler<Account> handler, PasskeyState states, AuditRefusals refusals, IGrainFactory grains)
    {
        var user = NameOf(context.User);
        if (await CheckAsync(grains, refusals, user, current) is null)
            return ProblemAnswers.Invalid("The password is wrong", "It is wrong, or locked for a while after too many wrong ones.");
        var asked = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = Passkey.HandleOf(user), Name = user, DisplayName = user }, context);
        states.Keep(context, PasskeyState.ToAdd, asked.AttestationState ?? "");
        return Results.Text(asked.CreationOptionsJson, "application/json");
    }

    private static async Task<IResult> AddPasskeyAsync([FromForm] string? credential, [FromForm] string? name, HttpContext context, IPasskeyHandler<Account> handler, PasskeyState states, AuditTrail trail, IGrainFactory grains, HubClock clock, ILogger<PasskeyState> log)
    {
        var user = NameOf(context.User);
        var result = states.Take(context, PasskeyState.ToAdd) is { } state
            ? await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential ?? "", AttestationState = state })
            : null;
        if (result is not { Succeeded: true } || result.UserEntity.Id != Passkey.HandleOf(user))
        {
            log.PasskeyRefused("it could not be added");
            return ProblemAnswers.Invalid("The passkey was not added", "Its time was over, or the authenticator's answer does not fit. Try again.");
        }

        await trail.NoteAsync("passkey-added", user, user, NameFor(name));
        if (!await Grain(grains).AddPasskeyAsync(user, Stored(result.Passkey, NameFor(name), clock.Wall.GetUtcNow())))
            return await trail.NotDoneAsync("passkey-added", context.User, user, ProblemAnswers.Of(StatusCodes.Status409Conflict, "The passkey was not added", $"It is known already, or the account has {AccountLimits.PasskeysMax}."));
        log.AccountsChanged("passkey added");
        return TypedResults.Ok(new { to = "/account?done=passkey" });
    }

    private static async Task<IResult> RemovePasskeyAsync([FromForm] string? id, HttpContext context, AuditTrail trail, IGrainFactory grains, ILogger<PasskeyState> log)
    {
        var user = NameOf(context.User);
        if ((await Grain(grains).GetPasskeysAsync(user)).FirstOrDefault(passkey => passkey.Id == id) is not { } passkey)
            return Back("problem=passkey");
        await trail.NoteAsync("passkey-removed", user, user, passkey.Name);
        if (!await Grain(grains).RemovePasskeyAsync(user, passkey.Id))
            return await trail.NotDoneAsync("passkey-removed", context.User, user, Back("problem=passkey"));
        log.AccountsChanged("passkey removed");
        return Back("done=removed");
    }

    private static Passkey Stored(UserPasskeyInfo made, string name, DateTimeOffset at) =>
        new(Base64Url.EncodeToString(made.CredentialId), name, made.PublicKey, at, made.SignCount, made.Transports ?? [], made.IsBackupEligible, made.IsBackedUp);

    private static string NameFor(string? name) => name?.Trim() is { Length: > 0 and <= NameLengthMax } given && !given.Any(char.IsControl) ? given : "Passkey";

    private static async Task<Account?> CheckAsync(IGrainFactory grains, AuditRefusals refusals, string user, string? password)
    {
        if (password is { Length: > 0 and <= SignInEndpoints.FieldLengthMax } given && await PasswordCheck.RunAsync(grains, user, given) is { } account)
            return account;
        refusals.CountSignIn(await Grain(grains).FindAsync(user));
        return null;
    }

    private static string NameOf(ClaimsPrincipal user) => user.Identity!.Name!;

    private static IResult Back(string query) => SignInEndpoints.SeeOther($"/account?{query}");

    private static IAccountsGrain Grain(IGrainFactory grains) => grains.GetGrain<IAccountsGrain>(0);
}
