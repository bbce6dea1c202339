using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Domain.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Which roles may do what. Every endpoint names one of these or says that it is for anyone; what names none is denied.</summary>
public static class Policies
{
    /// <summary>Anyone who has signed in.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>The own account of a person who has signed in at a browser. Not for API tokens: a token must not become a password or a passkey.</summary>
    public const string OwnAccount = "own-account";

    /// <summary>The live state of spaces: it depends on passages.</summary>
    public const string LiveSpaces = "live-spaces";

    /// <summary>The list of alarms, in the form that fits the role.</summary>
    public const string Alarms = "alarms";

    /// <summary>Changing thresholds for a time.</summary>
    public const string Thresholds = "thresholds";

    /// <summary>The list of equipment, in the form that fits the role.</summary>
    public const string Equipment = "equipment";

    /// <summary>Refused messages.</summary>
    public const string Refusals = "refusals";

    /// <summary>Unknown devices, and entering one into the site.</summary>
    public const string Adoption = "adoption";

    /// <summary>Released numbers.</summary>
    public const string History = "history";

    /// <summary>How equipment was.</summary>
    public const string EquipmentHistory = "equipment-history";

    /// <summary>Taking released numbers back.</summary>
    public const string Withdrawal = "withdrawal";

    /// <summary>Accounts, counters, the clock of a replay.</summary>
    public const string Administration = "administration";

    /// <summary>The roles of each policy.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Role>> Roles { get; } = new Dictionary<string, IReadOnlyList<Role>>
    {
        [SignedIn] = Enum.GetValues<Role>(),
        [OwnAccount] = Enum.GetValues<Role>(),
        [LiveSpaces] = [Role.Operator, Role.Supervisor],
        [Alarms] = [Role.Operator, Role.Supervisor, Role.Technician],
        [Thresholds] = [Role.Supervisor],
        [Equipment] = [Role.Operator, Role.Supervisor, Role.Technician, Role.Admin],
        [Refusals] = [Role.Technician, Role.Admin],
        [Adoption] = [Role.Technician, Role.Admin],
        [History] = [Role.Analyst, Role.Operator, Role.Supervisor, Role.Technician, Role.Dpo],
        [EquipmentHistory] = [Role.Technician],
        [Withdrawal] = [Role.Dpo, Role.Admin],
        [Administration] = [Role.Admin],
    }.ToFrozenDictionary();

    internal static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var (name, roles) in Roles)
            authorization.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireRole(roles.Select(role => role.ToName())).RequireAssertion(context => name != OwnAccount || IsAtBrowser(context.User)));
        // An endpoint that forgot to name a policy is nobody's, not everybody's: administrators included.
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(_ => false).Build());
        authorization.SetDefaultPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(_ => false).Build());
        return services;
    }

    private static bool IsAtBrowser(ClaimsPrincipal user) => user.Identity?.AuthenticationType == SessionCookie.Scheme;
}
