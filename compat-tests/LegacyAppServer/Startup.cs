using System.Globalization;
using Microsoft.AspNet.SignalR;
using Owin;

namespace Tandem.LegacyAppServer;

/// <summary>The application, as classic ones stand in the world. Before the gateway it said <c>app.MapSignalR(…)</c>.</summary>
internal static class Startup
{
    private static readonly string Name = Environment.GetEnvironmentVariable("LEGACY_APP_NAME") is { Length: > 0 } name ? name : "legacy";

    public static void Configuration(IAppBuilder app)
    {
        app.UseAnyOrigin();
        app.UseLedger();
        app.UseNamedUser();
        if (Environment.GetEnvironmentVariable("LEGACY_ROOM") is { Length: > 0 })
        {
            // One application of several side by side: with few connections each.
            app.MapTandemSignalR("/signalr", Name, new HubConfiguration(), static options =>
            {
                options.InitialHubServerConnectionCount = 1;
                if (TimeSpan.TryParse(Environment.GetEnvironmentVariable("LEGACY_TOKEN_LIFETIME"), CultureInfo.InvariantCulture, out var lifetime))
                {
                    options.AccessTokenLifetime = lifetime;
                }
            });
            return;
        }

        app.MapTandemSignalR("/signalr", Name, new HubConfiguration());

        // At a gateway that clients connect to directly the path must be this application's own.
        app.MapTandemSignalR<RawConnection>($"/{Name}/raw");

        // The same hubs once more, with other switches: that takes a resolver and a name of its own.
        app.MapTandemSignalR(
            "/detailed", Name + "-detailed", new HubConfiguration { EnableDetailedErrors = true, Resolver = new DefaultDependencyResolver() });
        app.UseStaticFiles(Environment.GetEnvironmentVariable("LEGACY_STATIC"));
    }

    /// <summary>The same application without the gateway, as it was before.</summary>
    public static void RealConfiguration(IAppBuilder app)
    {
        app.UseAnyOrigin();
        app.UseLedger();
        app.UseNamedUser();
        app.UseRealRedirect("/redirect/signalr", "/redirected/signalr");
        app.MapRealSignalR("/redirected/signalr", new HubConfiguration());
        app.MapRealSignalR("/signalr", new HubConfiguration());
        app.MapRealSignalR<RawConnection>($"/{Name}/raw");
        app.MapRealSignalR("/detailed", new HubConfiguration { EnableDetailedErrors = true, Resolver = new DefaultDependencyResolver() });
        app.UseStaticFiles(Environment.GetEnvironmentVariable("LEGACY_STATIC"));
    }
}
