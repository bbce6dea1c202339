namespace Monitoring.Dashboard.Accounts;

/// <summary>One route and the policy it must carry.</summary>
/// <param name="Method">HTTP method; <c>*</c> for any. GET is HEAD too.</param>
/// <param name="Pattern">Route pattern; a <c>*</c> at its end stands for any rest.</param>
/// <param name="Policy">Name of the policy; null for anyone.</param>
public sealed record EndpointRole(string Method, string Pattern, string? Policy);

/// <summary>Who may reach what, written once more than in the mapping: a test compares this table with every endpoint that is mapped.</summary>
public static class EndpointRoles
{
    /// <summary>The routes of the dashboard.</summary>
    public static IReadOnlyList<EndpointRole> Table { get; } =
    [
        new("GET", "/api/spaces", Policies.LiveSpaces),
        new("GET", "/api/spaces/{id}", Policies.LiveSpaces),
        new("GET", "/api/spaces/{id}/live", Policies.LiveSpaces),
        new("GET", "/api/spaces/{id}/recent", Policies.LiveSpaces),
        new("PUT", "/api/spaces/{id}/thresholds", Policies.Thresholds),
        new("GET", "/api/alarms", Policies.Alarms),
        new("POST", "/api/alarms/{id}/acknowledge", Policies.LiveSpaces),
        new("GET", "/api/devices", Policies.Equipment),
        new("GET", "/api/devices/{id}", Policies.Equipment),
        new("GET", "/api/devices/pending", Policies.Adoption),
        new("POST", "/api/devices/pending/{id}/adopt", Policies.Adoption),
        new("GET", "/api/site", Policies.Administration),
        new("GET", "/api/intake", Policies.Administration),
        new("GET", "/api/intake/rejected", Policies.Refusals),
        new("GET", "/api/clock", Policies.SignedIn),
        new("POST", "/api/clock", Policies.Administration),
        new("GET", "/api/accounts", Policies.Administration),
        new("POST", "/api/accounts", Policies.Administration),
        new("POST", "/api/accounts/{user}/scope", Policies.Administration),
        new("POST", "/api/accounts/{user}/disable", Policies.Administration),
        new("POST", "/api/accounts/{user}/enable", Policies.Administration),
        new("POST", "/api/accounts/{user}/reset", Policies.Administration),
        new("POST", "/api/accounts/{user}/tokens", Policies.Administration),
        new("DELETE", "/api/accounts/{user}/tokens/{name}", Policies.Administration),
        new("GET", "/api/audit", Policies.Administration),
        new("GET", "/api/history/dictionary", Policies.History),
        new("GET", "/api/history/copies", Policies.Administration),
        new("POST", "/api/history/copies/rebuild", Policies.Administration),
        new("GET", "/api/history/devices/{id}", Policies.EquipmentHistory),
        new("GET", "/api/history/{space}", Policies.History),
        new("GET", "/api/history/{space}/{series}", Policies.History),
        new("GET", "/api/history/{space}/{series}/week", Policies.History),
        new("GET", "/api/history/{space}/alarms", Policies.LiveSpaces),
        new("POST", "/api/history/{space}/days/{day}/withdraw", Policies.Withdrawal),
        new("GET", "/api/privacy/{space}", null),
        new("GET", "/privacy/{space}", null),
        new("GET", "/open-data", null),
        new("GET", "/open-data/{space}", null),
        new("GET", "/open-data/{space}/level", null),
        new("GET", "/open-data/{space}/{series}.json", null),
        new("GET", "/open-data/{space}/{series}.csv", null),
        new("GET", "/ngsi-ld/v1/entities", null),
        new("GET", "/openapi/{documentName}.json", Policies.SignedIn),
        new("POST", "/session", null),
        new("GET", "/session/oidc", null),
        new("POST", "/session/passkey/begin", null),
        new("POST", "/session/passkey", null),
        new("POST", "/setup", null),
        new("POST", "/account/password", Policies.OwnAccount),
        new("POST", "/account/sessions/end", Policies.OwnAccount),
        new("POST", "/account/passkeys/begin", Policies.OwnAccount),
        new("POST", "/account/passkeys", Policies.OwnAccount),
        new("POST", "/account/passkeys/remove", Policies.OwnAccount),
        new("POST", "/session/end", Policies.SignedIn),
        new("*", "/", Policies.SignedIn),
        new("*", "/spaces/{Id}", Policies.LiveSpaces),
        new("*", "/alarms", Policies.Alarms),
        new("*", "/equipment", Policies.Equipment),
        new("*", "/equipment/{id}", Policies.Equipment),
        new("*", "/history", Policies.History),
        new("*", "/sign-in", null),
        new("*", "/setup", null),
        new("*", "/account", Policies.OwnAccount),
        new("*", "/administration", Policies.Administration),
        new("*", "/_blazor*", Policies.SignedIn),
        new("*", "/_framework/opaque-redirect", Policies.SignedIn),
        new("*", "/_framework/*", null),
        new("*", "/_content/*", null),
        new("*", "/{**path:file}", null),
        new("*", "{*path}", Policies.SignedIn),
    ];

    /// <summary>The first line of the table that fits a mapped endpoint; null where none does.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="pattern">Its route pattern.</param>
    public static EndpointRole? Find(string method, string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var path = pattern.StartsWith('/') || pattern.StartsWith('{') ? pattern : "/" + pattern;
        var asked = method == "HEAD" ? "GET" : method;
        return Table.FirstOrDefault(line => (line.Method == "*" || line.Method == asked) && Fits(line.Pattern, path));
    }

    private static bool Fits(string pattern, string path) =>
        pattern.EndsWith('*') ? path.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == path || pattern == path.TrimEnd('/');
}
