using System.Security.Claims;
using System.Security.Cryptography;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Writes to the audit log what people do here.</summary>
/// <remarks>
/// Called before the deed: an audited change may turn out not to be possible (<c>not-done</c> says so then), an unaudited one never happens.
/// Where the log is away the call throws, and the request is answered 503.
/// </remarks>
internal sealed class AuditTrail(IGrainFactory grains, HubClock clock)
{
    /// <summary>Notes a deed of somebody who is signed in.</summary>
    /// <exception cref="AuditAwayException">It could not be written: do not go on.</exception>
    public Task NoteAsync(string kind, ClaimsPrincipal who, string subject, string? detail = null) => NoteAsync(kind, who.Identity?.Name ?? "", subject, detail);

    /// <summary>Notes a deed.</summary>
    /// <param name="kind">A word in kebab case.</param>
    /// <param name="who">Name of the principal; empty for nobody.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="detail">Free text.</param>
    /// <exception cref="AuditAwayException">It could not be written: do not go on.</exception>
    public Task NoteAsync(string kind, string who, string subject, string? detail = null) =>
        AppendAsync([new AuditFact(RandomNumberGenerator.GetHexString(32, lowercase: true), clock.Wall.GetUtcNow(), kind, Fit(who), Fit(subject), detail)]);

    /// <summary>Notes that what was noted before was not possible after all.</summary>
    /// <returns>The answer.</returns>
    public async Task<IResult> NotDoneAsync(string kind, ClaimsPrincipal who, string subject, IResult answer)
    {
        await NoteAsync("not-done", who, subject, kind);
        return answer;
    }

    /// <summary>Writes facts that carry their ids already, and may be sent again.</summary>
    public Task AppendAsync(IReadOnlyList<AuditFact> facts) => grains.GetGrain<IAuditGrain>(0).AppendAsync(facts);

    /// <summary>A name that fits into an entry. Names of the hub are shorter; those of a provider of identities need not be.</summary>
    public static string Fit(string name) => name.Length <= AuditLimits.FieldLengthMax ? name : name[..AuditLimits.FieldLengthMax];
}
