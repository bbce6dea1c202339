using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Alarms;
using Monitoring.Dashboard.History;
using Monitoring.Dashboard.Web;
using Monitoring.Domain;
using Monitoring.Harness;
using Monitoring.Host.Tests.Accounts;

namespace Monitoring.Host.Tests.History;

/// <summary>The routes of the history over real HTTP, with the hub's own policies and limits, in front of a history that a test gives. Who asks is said in a header.</summary>
internal sealed class HistoryOverHttp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HistoryOverHttp(WebApplication app, FakeHistory history, FakeAudit audit, FakeAlarms space, FakeAlarms intake) => (_app, History, Audit, Space, Intake) = (app, history, audit, space, intake);

    public FakeHistory History { get; }

    /// <summary>What was entered in the audit log.</summary>
    public FakeAudit Audit { get; }

    /// <summary>The alarms of the space.</summary>
    public FakeAlarms Space { get; }

    /// <summary>The alarms of the way in.</summary>
    public FakeAlarms Intake { get; }

    public static async Task<HistoryOverHttp> StartAsync(DateTimeOffset now, CancellationToken cancellation, string? site = null, params (string Name, string Value)[] settings)
    {
        var history = new FakeHistory();
        var audit = new FakeAudit();
        var (space, intake) = (FakeAlarms.Of<ISpaceGrain>(), FakeAlarms.Of<IIntakeAlarmsGrain>());
        var clock = new HubClock(ClockKind.Replay, TimeProvider.System);
        clock.MoveTo(now);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Services.AddRouting();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(FakeGrains.Of(new FakeSite(site ?? FixtureSites.Square(1, 60)), history, audit, space, intake, new FakeClock(now)));
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<SiteSpaces>();
        builder.Services.AddSingleton<AlarmReader>();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddPublicAnswers();
        builder.Services.AddAuthentication("said").AddScheme<AuthenticationSchemeOptions, SaidScheme>("said", null);
        builder.Services.AddPolicies();
        builder.Services.AddSignInLimit();
        builder.Services.AddHistoryLimits();
        var app = builder.Build();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseOutputCache();
        app.MapGroup("/api").MapHistory();
        app.MapPrivacy();
        app.MapOpenData();
        app.MapNgsi();
        await app.StartAsync(cancellation);
        return new HistoryOverHttp(app, history, audit, space, intake);
    }

    /// <summary>A client of somebody; null for nobody.</summary>
    public HttpClient Client(string? role, string? space = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        if (role is not null)
            client.DefaultRequestHeaders.Add("Said-Role", role);
        if (space is not null)
            client.DefaultRequestHeaders.Add("Said-Space", space);
        return client;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class SaidScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["Said-Role"].ToString() is not { Length: > 0 } role)
                return Task.FromResult(AuthenticateResult.NoResult());
            List<Claim> claims = [new(ClaimTypes.Name, $"the-{role}"), new(ClaimTypes.Role, role)];
            if (Request.Headers["Said-Space"].ToString() is { Length: > 0 } space)
                claims.Add(new(HubClaims.Space, space));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, "said")), "said")));
        }
    }
}
