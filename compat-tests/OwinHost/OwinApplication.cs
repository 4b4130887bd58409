using Owin;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.OwinHost;

/// <summary>Makes the application that a server serves.</summary>
internal static class OwinApplication
{
    /// <param name="startup">The application's startup code.</param>
    /// <param name="mode">The host's word for its environment.</param>
    /// <param name="disposing">Tells the application to leave.</param>
    public static AppFunc Build(Action<IAppBuilder> startup, string mode, CancellationToken disposing)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["owin.Version"] = "1.0",
            ["host.OnAppDisposing"] = disposing,
            ["host.AppMode"] = mode,
            ["host.TraceOutput"] = Console.Error,
        };
        var builder = new AppBuilder(properties);
        startup(builder);
        return (AppFunc)builder.Build(typeof(AppFunc));
    }
}
