using Owin;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.OwinHost;

/// <summary>Composes middleware of the one kind that needs no library: functions from the next step to the step before it.</summary>
public sealed class AppBuilder : IAppBuilder
{
    private readonly List<Func<AppFunc, AppFunc>> _middleware = [];

    public AppBuilder(IDictionary<string, object> properties)
    {
        Properties = properties;
    }

    public IDictionary<string, object> Properties { get; }

    public IAppBuilder Use(object middleware, params object[] args)
    {
        _middleware.Add(middleware as Func<AppFunc, AppFunc>
            ?? throw new NotSupportedException($"This host knows middleware of type Func<AppFunc, AppFunc> only, not {middleware?.GetType()}."));
        return this;
    }

    public object Build(Type returnType)
    {
        AppFunc app = static environment =>
        {
            environment["owin.ResponseStatusCode"] = 404;
            return Task.CompletedTask;
        };
        for (var i = _middleware.Count - 1; i >= 0; i--)
        {
            app = _middleware[i](app);
        }

        return app;
    }

    public IAppBuilder New() => new AppBuilder(Properties);
}
