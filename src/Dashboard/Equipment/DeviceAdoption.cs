using System.Globalization;
using System.Security.Claims;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Equipment;

namespace Monitoring.Dashboard.Equipment;

/// <summary>A person enters a pending device into the site: the same rules for the page and for the API.</summary>
internal sealed class DeviceAdoption(IGrainFactory grains, AuditTrail trail, AuditRefusals refusals)
{
    /// <summary>What stands in the audit log where a page was refused: it has no route of its own.</summary>
    public const string OnPage = "adopt a device on a page";

    private const string Deed = "device-adopted";

    /// <summary>Whether somebody may see and adopt devices that wait. They belong to no space yet, so they are for those who see the whole site.</summary>
    public static bool IsFor(ClaimsPrincipal user) => user.RoleOf() is { } role && Policies.Roles[Policies.Adoption].Contains(role) && !user.IsScoped();

    /// <summary>As <see cref="AdoptAsync"/>, for an open page: there is no request whose answer could be counted, so a refusal is counted here.</summary>
    /// <exception cref="NotStoredException">It could not be stored and was not done.</exception>
    public async Task<AdoptAnswer> AdoptOnPageAsync(ClaimsPrincipal user, string id, AdoptRequest request, CancellationToken cancellation)
    {
        var answer = await AdoptAsync(user, id, request, cancellation);
        if (answer.Outcome == AdoptOutcome.NotAllowed)
            refusals.Count("denied", user.Identity?.Name ?? AuditRefusals.Anonymous, OnPage);
        return answer;
    }

    /// <summary>Adopts a device in the name of a person.</summary>
    /// <param name="user">The person.</param>
    /// <param name="id">Id of the pending device.</param>
    /// <param name="request">What it is to be in the site.</param>
    /// <param name="cancellation">Ends the questions before the deed; the deed itself is not broken off.</param>
    /// <exception cref="NotStoredException">It could not be stored and was not done.</exception>
    public async Task<AdoptAnswer> AdoptAsync(ClaimsPrincipal user, string id, AdoptRequest request, CancellationToken cancellation)
    {
        if (!IsFor(user) || user.Identity?.Name is not { Length: > 0 } name)
            return new(AdoptOutcome.NotAllowed, "This account adopts no devices.");
        var waiting = await grains.GetGrain<IIntakeGrain>(0).GetPendingAsync().WaitAsync(cancellation);
        if (waiting.FirstOrDefault(device => device.Id == id) is not { } pending || await ReadAsync(cancellation) is not { } stored)
            return new(AdoptOutcome.Gone, "No such device waits: it was adopted or forgotten, or has not spoken since the gateway started.");
        if (request.SiteVersion is { } seen && seen != stored.Version)
            return Changed();
        var check = new AdoptCheck(pending, stored.Site);
        var device = check.Read(request);
        if (TakenBy(stored.Site, device, pending) is { } taken)
            return new(AdoptOutcome.Taken, taken, Errors: new Dictionary<string, string[]> { ["id"] = [taken] });
        return check.Errors.Count > 0 ? Invalid(check.Errors) : await EnterAsync(user, name, stored, request.Space!, device, pending);
    }

    /// <summary>The stored site with its version; null before the first import.</summary>
    public async Task<StoredVersion?> ReadAsync(CancellationToken cancellation)
    {
        var stored = await grains.GetGrain<ISiteGrain>(0).GetAsync().WaitAsync(cancellation);
        return stored is not null && CompiledSite.Compile(stored.Document).Site is { } site ? new(stored.Version, stored.Document, site) : null;
    }

    private async Task<AdoptAnswer> EnterAsync(ClaimsPrincipal user, string name, StoredVersion stored, string space, NewDevice device, PendingDevice pending)
    {
        if (SiteText.WithDevice(stored.Document.Yaml, space, device, pending.Connection, pending.Topic) is not { } yaml)
            return Invalid(new Dictionary<string, string[]> { ["site"] = ["The hub does not find its way in this site document: enter the device by hand, and start with --import-site."] });
        var document = stored.Document with { Yaml = yaml };
        var (_, problems) = CompiledSite.Compile(document);
        if (problems.Count > 0)
            return Invalid(new Dictionary<string, string[]> { ["site"] = [.. problems.Select(problem => $"{problem.What}; {problem.Remedy}.")] });
        var detail = string.Create(CultureInfo.InvariantCulture, $"site version {stored.Version + 1}: space {space}, profile {device.Profile}, connection {pending.Connection}, topic {pending.Topic}");
        await trail.NoteAsync(Deed, user, device.Id, detail);
        try
        {
            if (await grains.GetGrain<ISiteGrain>(0).ReplaceAsync(stored.Version, document, name) is { } version)
                return new(AdoptOutcome.Adopted, $"{device.Id} is in the site, version {version.ToString(CultureInfo.InvariantCulture)}.", new AdoptedDevice(device.Id, space, version));
        }
        catch (NotStoredException)
        {
            await NotDoneAsync(user, device);
            throw;
        }

        await NotDoneAsync(user, device);
        return Changed();
    }

    private Task NotDoneAsync(ClaimsPrincipal user, NewDevice device) => trail.NoteAsync("not-done", user, device.Id, Deed);

    private static string? TakenBy(CompiledSite site, NewDevice device, PendingDevice pending)
    {
        var known = site.Site.Spaces.SelectMany(space => space.Devices).ToList();
        if (known.Exists(other => other.Id == device.Id))
            return "The site has a device of this id.";
        var same = known.Find(other => other.Profile == device.Profile && other.Address == (device.Address ?? device.Id)
            && (other.Parameters.GetValueOrDefault(ProfileParameters.Topic)?.Contains(pending.Topic) ?? true));
        return same is null ? null : $"The site has this device already, as {same.Id}.";
    }

    private static AdoptAnswer Changed() => new(AdoptOutcome.Changed, "The site was changed meanwhile, and nothing was done: look again.");

    private static AdoptAnswer Invalid(IReadOnlyDictionary<string, string[]> errors) => new(AdoptOutcome.Invalid, "Something does not fit.", Errors: errors);
}

/// <summary>A stored site.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Document">Its text.</param>
/// <param name="Site">What that says.</param>
internal sealed record StoredVersion(int Version, SiteDocument Document, CompiledSite Site);
