using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Contracts.Accounts;
using Monitoring.Domain;

namespace Monitoring.Dashboard.Accounts;

/// <summary>Counts refusals and writes them when their minute is over, and at the hub's end. A refusal stands whether or not it can be written.</summary>
internal sealed class AuditRefusals : BackgroundService
{
    /// <summary>Most facts that wait while the log is away; further ones are lost, counted, and told of in one entry.</summary>
    public const int WaitingMax = 4_096;

    /// <summary>Where nobody is signed in.</summary>
    public const string Anonymous = "anonymous";

    private const string Hidden = "hub:hidden";
    private const string Counted = "hub:counted";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly AuditTrail _trail;
    private readonly HubClock _clock;
    private readonly ILogger<AuditRefusals> _log;
    private readonly Counter<long> _lostEver;
    private readonly string _process = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly List<AuditFact> _waiting = [];
    private RefusalCounts? _counts;
    private long _lost;

    public AuditRefusals(AuditTrail trail, HubClock clock, IMeterFactory meters, ILogger<AuditRefusals> log)
    {
        (_trail, _clock, _log) = (trail, clock, log);
        var meter = meters.Create("Monitoring.Dashboard");
        _lostEver = meter.CreateCounter<long>("monitoring.audit.refusals_lost", "{entry}", "Entries about refusals that could not be kept while the audit log was away.");
    }

    /// <summary>Counts a refusal.</summary>
    /// <param name="kind"><c>denied</c> or <c>sign-in-refused</c>.</param>
    /// <param name="who">Name of the principal, <see cref="Anonymous"/>, or empty.</param>
    /// <param name="subject">Route pattern or account.</param>
    public void Count(string kind, string who, string subject)
    {
        var now = _clock.Wall.GetUtcNow();
        var minute = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMinute));
        lock (_lock)
        {
            if (_counts is not null && _counts.Minute != minute)
                CloseMinute();
            (_counts ??= new(minute)).Add(kind, AuditTrail.Fit(who), AuditTrail.Fit(subject));
        }
    }

    /// <summary>Counts a wrong password. The name that was typed is kept only where there is such an account: people type passwords there too.</summary>
    public void CountSignIn(Account? account) => Count("sign-in-refused", "", account?.User ?? "unknown account");

    /// <summary>Whether a space is outside the asker's scope; if so, the 404 that it is answered is counted as a refusal.</summary>
    public static bool Hides(HttpContext context, string spaceId)
    {
        if (context.User.Sees(spaceId))
            return false;
        NoteHidden(context);
        return true;
    }

    /// <summary>Says that the 404 of this request hides something, and counts as a refusal.</summary>
    public static void NoteHidden(HttpContext context) => context.Items[Hidden] = true;

    /// <summary>Says that this refusal was counted already.</summary>
    public static void NoteCounted(HttpContext context) => context.Items[Counted] = true;

    /// <summary>Counts a request that was answered, where that was a refusal.</summary>
    public void Count(HttpContext context)
    {
        var refused = context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests
            || (context.Response.StatusCode == StatusCodes.Status404NotFound && context.Items.ContainsKey(Hidden));
        if (refused && !context.Items.ContainsKey(Counted))
            Count("denied", context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : Anonymous, $"{Method(context)} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)"} {context.Response.StatusCode}");
    }

    /// <summary>Writes what waits; what cannot be written waits on.</summary>
    /// <param name="all">Also the minute that is not over yet.</param>
    public async Task FlushAsync(bool all)
    {
        await _writing.WaitAsync();
        try
        {
            while (Next(all) is { Count: > 0 } facts)
            {
                await _trail.AppendAsync(facts);
                Done(facts);
            }
        }
        catch (Exception error) when (SiloAway.Is(error))
        {
            _log.RefusalsNotWritten(error.GetType().Name);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(all: true).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, _clock.Wall);
        while (await timer.NextAsync(stoppingToken))
            await FlushAsync(all: false);
    }

    // A method is whatever the client sends: only the usual ones are words of their own.
    private static string Method(HttpContext context) =>
        context.Request.Method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" ? context.Request.Method : "(other)";

    private List<AuditFact> Next(bool all)
    {
        var now = _clock.Wall.GetUtcNow();
        lock (_lock)
        {
            if (_counts is not null && (all || now - _counts.Minute >= TimeSpan.FromMinutes(1)))
                CloseMinute();
            if (_waiting.Count == 0 && _lost > 0)
                _waiting.Add(new($"refusals-lost/{_process}/{now.UtcTicks}", now, "refusals-lost", "hub", "audit", $"{TakeLost()} entries about refusals could not be kept while the log was away"));
            return _waiting.Take(AuditLimits.FactsMax).ToList();
        }
    }

    private long TakeLost()
    {
        var lost = _lost;
        _lost = 0;
        return lost;
    }

    private void Done(List<AuditFact> facts)
    {
        lock (_lock)
            _waiting.RemoveRange(0, facts.Count);
    }

    private void CloseMinute()
    {
        foreach (var fact in _counts!.Facts(_process))
        {
            if (_waiting.Count < WaitingMax)
            {
                _waiting.Add(fact);
                continue;
            }

            _lost++;
            _lostEver.Add(1);
        }

        _counts = null;
    }
}

/// <summary>Adds the counting of refusals to the pipeline.</summary>
internal static class AuditRefusalsPipeline
{
    public static void UseAuditOfRefusals(this IApplicationBuilder app)
    {
        var refusals = app.ApplicationServices.GetRequiredService<AuditRefusals>();
        app.Use(async (context, next) =>
        {
            await next(context);
            refusals.Count(context);
        });
    }
}
