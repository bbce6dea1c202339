using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary><c>POST /setup</c>: makes the first administrator of a hub without accounts, for whoever can read its console.</summary>
internal static class SetUpEndpoint
{
    public static void MapSetUp(this IEndpointRouteBuilder app) =>
        app.MapPost("/setup", SetUpAsync).AllowAnonymous().RequireRateLimiting(SignInEndpoints.Limited).ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(SignInEndpoints.FormBytesMax));

    private static async Task<IResult> SetUpAsync(
        [FromForm] string? secret, [FromForm] string? user, [FromForm] string? password, [FromForm] string? again, HttpContext context, FirstSetUp setUp, AuditTrail trail, AuditRefusals refusals, IGrainFactory grains, ILogger<FirstSetUp> log)
    {
        if (!await setUp.IsOpenAsync(context.RequestAborted))
            return ProblemAnswers.NotFound("There is nothing here");
        if (!setUp.Is(secret ?? ""))
        {
            log.SetUpRefused();
            refusals.Count("sign-in-refused", "", "first set-up");
            return SignInEndpoints.SeeOther("/setup?problem=secret");
        }

        var name = (user ?? "").Trim().ToLowerInvariant();
        if (!AccountNames.IsUserName(name))
            return SignInEndpoints.SeeOther("/setup?problem=user");
        if (password != again)
            return SignInEndpoints.SeeOther("/setup?problem=again");
        if (PasswordRule.Problem(name, password ?? "") is not null)
            return SignInEndpoints.SeeOther("/setup?problem=password");
        var account = new Account(name, Role.Admin, NewAccount.HashOf(password!), NewAccount.NewStamp(), Disabled: false);
        await trail.NoteAsync("account-added", "", name, "admin, first set-up");
        if (!await grains.GetGrain<IAccountsGrain>(0).AddFirstAsync(account))
        {
            await trail.NoteAsync("not-done", "", name, "account-added");
            return ProblemAnswers.NotFound("There is nothing here");
        }

        log.AccountsChanged("first administrator set up");
        await context.BeginSessionAsync(account, "first set-up");
        return SignInEndpoints.SeeOther("/");
    }
}
