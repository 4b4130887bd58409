using Owin;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.OwinHost;

/// <summary>What applications expect of a host's builder.</summary>
public static class AppBuilderExtensions
{
    /// <summary>Adds a middleware written in place.</summary>
    public static IAppBuilder Use(this IAppBuilder builder, Func<IDictionary<string, object>, Func<Task>, Task> middleware)
    {
        Func<AppFunc, AppFunc> step = next => environment => middleware(environment, () => next(environment));
        return builder.Use(step);
    }

    /// <summary>A branch for all requests whose path begins with <paramref name="path"/>.</summary>
    public static IAppBuilder Map(this IAppBuilder builder, string path, Action<IAppBuilder> configure)
    {
        var branch = builder.New();
        configure(branch);
        var app = (AppFunc)branch.Build(typeof(AppFunc));
        return builder.Use(async (environment, next) =>
        {
            var requested = (string)environment["owin.RequestPath"];
            if (!requested.StartsWith(path, StringComparison.OrdinalIgnoreCase) || (requested.Length > path.Length && requested[path.Length] != '/'))
            {
                await next();
                return;
            }

            var pathBase = (string)environment["owin.RequestPathBase"];
            var matched = requested.Substring(0, path.Length);
            environment["owin.RequestPathBase"] = pathBase + matched;
            environment["owin.RequestPath"] = requested.Substring(path.Length);
            await app(environment);
            environment["owin.RequestPathBase"] = pathBase;
            environment["owin.RequestPath"] = requested;
        });
    }
}
