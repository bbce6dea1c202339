using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Dashboard.Accounts;
using Monitoring.Dashboard.Alarms;
using Monitoring.Dashboard.Equipment;
using Monitoring.Dashboard.History;
using Monitoring.Dashboard.Intake;
using Monitoring.Dashboard.Spaces;

namespace Monitoring.Dashboard;

/// <summary>Registration of the dashboard role.</summary>
public static class DashboardServices
{
    private const string CookieOrToken = "cookie-or-token";

    /// <summary>Adds the live feed, the API, accounts and pages.</summary>
    /// <param name="services">Services; they must offer <c>IGrainFactory</c> and <see cref="Domain.HubClock"/>.</param>
    /// <param name="dataFolder">Data folder of the hub.</param>
    public static IServiceCollection AddDashboard(this IServiceCollection services, string dataFolder)
    {
        services.AddSingleton(new DataFolder(dataFolder));
        services.AddLive();
        services.AddSingleton<AlarmTaking>();
        services.AddSingleton<AlarmReader>();
        services.AddEquipment();
        services.AddHistoryLimits();
        services.AddPublicAnswers();
        services.AddAccounts(dataFolder);
        services.AddExceptionHandler<SiloAway>();
        services.AddProblemDetails();
        services.AddOpenApi("v1");
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    private static void AddLive(this IServiceCollection services)
    {
        services.AddOptions<LiveOptions>().BindConfiguration(LiveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MapOptions>().BindConfiguration(MapOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SiteSpaces>();
        services.AddSingleton<IntakeAlarmFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<IntakeAlarmFeed>());
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        services.AddSingleton(provider => new DashboardHealth(provider.GetRequiredService<LiveFeed>()));
    }

    private static void AddEquipment(this IServiceCollection services)
    {
        services.AddOptions<EquipmentOptions>().BindConfiguration(EquipmentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<EquipmentFeed>();
        services.AddSingleton<DeviceAdoption>();
        services.AddHostedService(provider => provider.GetRequiredService<EquipmentFeed>());
    }

    private static void AddAccounts(this IServiceCollection services, string dataFolder)
    {
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LocalAdminToken>();
        services.AddSingleton<SessionCheck>();
        services.AddSingleton<AccountScope>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditRefusals>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditRefusals>());
        services.AddSingleton<FirstSetUp>();
        services.AddPasskeys();
        services.AddHostedService<HubFile>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddAuthentication(CookieOrToken)
            .AddPolicyScheme(CookieOrToken, null, options => options.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count > 0 ? TokenScheme.Name : SessionCookie.Scheme)
            .AddCookie()
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(TokenScheme.Name, null);
        services.AddOidc();
        services.AddPolicies();
        services.AddSignInLimit();
        services.AddAntiforgery(options =>
        {
            options.Cookie = new TlsCookie("hub-form");
            // frame-ancestors 'none' of SecurityHeaders says it already, and says more.
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, PageSession>();
        // Kept on disk, so that a restart of the hub signs nobody out.
        services.AddDataProtection().SetApplicationName("monitoring-hub").PersistKeysToFileSystem(KeysFolder(dataFolder));
    }

    private static DirectoryInfo KeysFolder(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "dashboard", "keys");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
