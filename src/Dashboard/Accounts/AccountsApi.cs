using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>An account to add.</summary>
/// <param name="User">User name: 1 to 64 of a to z, 0 to 9, dot, dash.</param>
/// <param name="Role">Name of a role.</param>
/// <param name="Spaces">Ids of the spaces that it may see; none, or left out: all.</param>
internal sealed record AccountRequest(string? User, string? Role, IReadOnlyList<string>? Spaces);

/// <summary>Another scope for an account.</summary>
/// <param name="Spaces">Ids of the spaces that it may see; none: all.</param>
internal sealed record ScopeRequest(IReadOnlyList<string>? Spaces);

/// <summary>A token to add.</summary>
/// <param name="Name">Name to tell it by: as a user name.</param>
internal sealed record TokenRequest(string? Name);

/// <summary>An account without its secrets.</summary>
internal sealed record AccountView(string User, string Role, IReadOnlyList<string> Spaces, bool Disabled, DateTimeOffset? LockedUntil, int Passkeys, IReadOnlyList<string> Tokens);

/// <summary>An account and its password: the one answer that has it.</summary>
internal sealed record AccountSecret(string User, string Role, string Password);

/// <summary>A token: the one answer that has it.</summary>
internal sealed record TokenSecret(string User, string Name, string Token);

/// <summary><c>/api/accounts</c>: accounts and tokens, for administrators and the command line. The hub makes every secret here; nobody chooses one for somebody else.</summary>
internal static class AccountsApi
{
    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        var accounts = api.MapGroup("/accounts").WithTags("Accounts").RequireAuthorization(Policies.Administration);
        accounts.MapGet("", ListAsync).WithSummary("All accounts");
        accounts.MapPost("", AddAsync).WithSummary("Adds an account; its password is in this answer only").Produces<AccountSecret>(StatusCodes.Status201Created);
        accounts.MapPost("/{user}/scope", SetScopeAsync).WithSummary("Sets the spaces that an account may see; its sessions end");
        accounts.MapPost("/{user}/disable", DisableAsync).WithSummary("Disables an account; its sessions and tokens end");
        accounts.MapPost("/{user}/enable", EnableAsync).WithSummary("Enables a disabled account with its old password");
        accounts.MapPost("/{user}/reset", ResetAsync).WithSummary("Gives an account a new password, in this answer only; its passkeys and sessions end").Produces<AccountSecret>();
        accounts.MapPost("/{user}/tokens", AddTokenAsync).WithSummary("Adds an API token, in this answer only").Produces<TokenSecret>(StatusCodes.Status201Created);
        accounts.MapDelete("/{user}/tokens/{name}", RevokeTokenAsync).WithSummary("Takes an API token back");
    }

    private static async Task<IEnumerable<AccountView>> ListAsync(IGrainFactory grains, CancellationToken cancellation) =>
        (await Grain(grains).DescribeAsync().WaitAsync(cancellation)).Select(state => new AccountView(
            state.Account.User, state.Account.Role.ToName(), state.Account.Spaces, state.Account.Disabled, state.LockedUntil, state.Passkeys, state.Tokens));

    private static async Task<IResult> AddAsync(AccountRequest request, ClaimsPrincipal me, AccountScope scopes, AuditTrail trail, IGrainFactory grains, ILogger<AccountView> log, CancellationToken cancellation)
    {
        if (RoleNames.Parse(request.Role) is not { } role || !AccountNames.IsUserName(request.User))
            return ProblemAnswers.Invalid("The account is not well formed", $"user: {AccountNames.Rule}, and not hub or local; role: one of {string.Join(", ", RoleNames.All)}.");
        var scope = request.Spaces ?? [];
        if (await scopes.ProblemAsync(scope, cancellation) is { } problem)
            return ProblemAnswers.Invalid("The scope does not fit the site", problem);
        var made = NewAccount.Create(request.User!, role);
        await trail.NoteAsync("account-added", me, request.User!, role.ToName());
        if (!await Grain(grains).AddAsync(made.Account with { Spaces = AccountScope.Of(scope) }))
            return await trail.NotDoneAsync("account-added", me, request.User!, ProblemAnswers.Of(StatusCodes.Status409Conflict, "The account was not added", $"The name is taken, or there are {AccountLimits.AccountsMax} accounts already."));
        log.AccountsChanged("added");
        return TypedResults.Created((string?)null, new AccountSecret(made.Account.User, role.ToName(), made.Password));
    }

    private static async Task<IResult> SetScopeAsync(string user, ScopeRequest request, ClaimsPrincipal me, AccountScope scopes, AuditTrail trail, IGrainFactory grains, SessionCheck sessions, ILogger<AccountView> log, CancellationToken cancellation)
    {
        if (request.Spaces is not { } scope)
            return ProblemAnswers.Invalid("The scope is missing", "Send {\"spaces\":[…]}; an empty list is the whole site.");
        if (await scopes.ProblemAsync(scope, cancellation) is { } problem)
            return ProblemAnswers.Invalid("The scope does not fit the site", problem);
        if (await Grain(grains).FindAsync(user) is null)
            return NoAccount();
        await trail.NoteAsync("account-scope-set", me, user, scope.Count == 0 ? "all spaces" : string.Join(", ", AccountScope.Of(scope)));
        if (await Grain(grains).ChangeAsync(user, new AccountChange(NewAccount.NewStamp()) { Spaces = AccountScope.Of(scope) }) is null)
            return NoAccount();
        sessions.Forget(user);
        log.AccountsChanged("scope set");
        return TypedResults.NoContent();
    }

    private static Task<IResult> DisableAsync(string user, ClaimsPrincipal me, AuditTrail trail, IGrainFactory grains, SessionCheck sessions, ILogger<AccountView> log) =>
        SetDisabledAsync(user, true, me, trail, grains, sessions, log);

    private static Task<IResult> EnableAsync(string user, ClaimsPrincipal me, AuditTrail trail, IGrainFactory grains, SessionCheck sessions, ILogger<AccountView> log) =>
        SetDisabledAsync(user, false, me, trail, grains, sessions, log);

    private static async Task<IResult> SetDisabledAsync(string user, bool disabled, ClaimsPrincipal me, AuditTrail trail, IGrainFactory grains, SessionCheck sessions, ILogger<AccountView> log)
    {
        if (await Grain(grains).FindAsync(user) is null)
            return NoAccount();
        await trail.NoteAsync(disabled ? "account-disabled" : "account-enabled", me, user);
        if (await Grain(grains).ChangeAsync(user, new AccountChange(NewAccount.NewStamp()) { Disabled = disabled }) is null)
            return NoAccount();
        sessions.Forget(user);
        log.AccountsChanged(disabled ? "disabled" : "enabled");
        return TypedResults.NoContent();
    }

    // Whoever asks for a reset has lost something, perhaps to somebody: passkeys go too.
    private static async Task<IResult> ResetAsync(string user, ClaimsPrincipal me, AuditTrail trail, IGrainFactory grains, SessionCheck sessions, ILogger<AccountView> log)
    {
        if (await Grain(grains).FindAsync(user) is null)
            return NoAccount();
        var made = NewAccount.Create(user, default);
        var change = new AccountChange(made.Account.Stamp) { PasswordHash = made.Account.PasswordHash, Disabled = false, RemovePasskeys = true };
        await trail.NoteAsync("account-reset", me, user);
        if (await Grain(grains).ChangeAsync(user, change) is not { } account)
            return NoAccount();
        sessions.Forget(user);
        log.AccountsChanged("reset");
        return TypedResults.Ok(new AccountSecret(user, account.Role.ToName(), made.Password));
    }

    private static async Task<IResult> AddTokenAsync(string user, TokenRequest request, ClaimsPrincipal me, AuditTrail trail, IGrainFactory grains, ILogger<AccountView> log)
    {
        if (!AccountNames.IsName(request.Name))
            return ProblemAnswers.Invalid("The token's name is not well formed", $"name: {AccountNames.Rule}.");
        if (await Grain(grains).FindAsync(user) is null)
            return NoAccount();
        var made = NewToken.Create(request.Name!);
        await trail.NoteAsync("token-added", me, user, request.Name);
        if (!await Grain(grains).AddTokenAsync(user, made.Stored))
            return await trail.NotDoneAsync("token-added", me, user, ProblemAnswers.Of(StatusCodes.Status409Conflict, "The token was not added", $"Its name is taken, or the account has {AccountLimits.TokensMax} tokens already."));
        log.AccountsChanged("token added");
        return TypedResults.Created((string?)null, new TokenSecret(user, request.Name!, made.Token));
    }

    private static async Task<IResult> RevokeTokenAsync(string user, string name, ClaimsPrincipal me, AuditTrail trail, IGrainFactory grains, ILogger<AccountView> log)
    {
        await trail.NoteAsync("token-revoked", me, user, name);
        if (!await Grain(grains).RevokeTokenAsync(user, name))
            return await trail.NotDoneAsync("token-revoked", me, user, ProblemAnswers.NotFound("There is no such token"));
        log.AccountsChanged("token revoked");
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NoAccount() => ProblemAnswers.NotFound("There is no such account");

    private static IAccountsGrain Grain(IGrainFactory grains) => grains.GetGrain<IAccountsGrain>(0);
}
