using Microsoft.AspNet.SignalR;
using Tandem.Sdk.Owin;

namespace Owin;

/// <summary>Serves a classic application's clients through the gateway: put these in the place of <c>MapSignalR</c> and <c>RunSignalR</c>.</summary>
public static class TandemAppBuilderExtensions
{
    private const string DefaultPath = "/signalr";
    private const string PostAuthorize = "PostAuthorize";

    /// <summary>Maps all hubs at <c>/signalr</c>. The connection string comes from configuration or the environment.</summary>
    /// <param name="builder">The application.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR(this IAppBuilder builder) => builder.MapTandemSignalR(new HubConfiguration());

    /// <summary>Maps all hubs at <c>/signalr</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">An option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR(this IAppBuilder builder, Action<TandemOptions> configure) =>
        builder.MapHubs(DefaultPath, new HubConfiguration(), configure);

    /// <summary>Maps all hubs at <c>/signalr</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="configuration">Switches for scripts and errors, and the dependency resolver.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR(this IAppBuilder builder, HubConfiguration configuration) =>
        builder.MapHubs(DefaultPath, configuration, null);

    /// <summary>Maps all hubs at a path.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="path">Such as <c>/signalr</c>.</param>
    /// <param name="configuration">Switches for scripts and errors, and the dependency resolver.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR(this IAppBuilder builder, string path, HubConfiguration configuration) =>
        builder.MapHubs(path, configuration, null);

    /// <summary>Maps all hubs at a path.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="path">Such as <c>/signalr</c>.</param>
    /// <param name="applicationName">See <see cref="TandemOptions.ApplicationName"/>.</param>
    /// <param name="configuration">Switches for scripts and errors, and the dependency resolver.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR(this IAppBuilder builder, string path, string applicationName, HubConfiguration configuration) =>
        builder.MapHubs(path, configuration, Named(applicationName, null));

    /// <summary>Maps all hubs at a path.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="path">Such as <c>/signalr</c>.</param>
    /// <param name="applicationName">See <see cref="TandemOptions.ApplicationName"/>.</param>
    /// <param name="configuration">Switches for scripts and errors, and the dependency resolver.</param>
    /// <param name="configure">Sets further options.</param>
    /// <exception cref="InvalidOperationException">An option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR(
        this IAppBuilder builder, string path, string applicationName, HubConfiguration configuration, Action<TandemOptions> configure) =>
        builder.MapHubs(path, configuration, Named(applicationName, configure));

    /// <summary>Maps a PersistentConnection at a path.</summary>
    /// <typeparam name="TConnection">The PersistentConnection.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="path">Such as <c>/raw</c>.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR<TConnection>(this IAppBuilder builder, string path)
        where TConnection : PersistentConnection => builder.MapConnection<TConnection>(path, new ConnectionConfiguration(), null);

    /// <summary>Maps a PersistentConnection at a path.</summary>
    /// <typeparam name="TConnection">The PersistentConnection.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="path">Such as <c>/raw</c>.</param>
    /// <param name="configuration">The dependency resolver.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR<TConnection>(this IAppBuilder builder, string path, ConnectionConfiguration configuration)
        where TConnection : PersistentConnection => builder.MapConnection<TConnection>(path, configuration, null);

    /// <summary>Maps a PersistentConnection at a path.</summary>
    /// <typeparam name="TConnection">The PersistentConnection.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="path">Such as <c>/raw</c>.</param>
    /// <param name="configuration">The dependency resolver.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">An option cannot be used.</exception>
    public static IAppBuilder MapTandemSignalR<TConnection>(
        this IAppBuilder builder, string path, ConnectionConfiguration configuration, Action<TandemOptions> configure)
        where TConnection : PersistentConnection => builder.MapConnection<TConnection>(path, configuration, configure);

    /// <summary>Serves all hubs in this branch of the application, whose path the host has matched.</summary>
    /// <param name="builder">The branch.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static void RunTandemSignalR(this IAppBuilder builder) => builder.RunTandemSignalR(new HubConfiguration());

    /// <summary>Serves all hubs in this branch of the application, whose path the host has matched.</summary>
    /// <param name="builder">The branch.</param>
    /// <param name="configuration">Switches for scripts and errors, and the dependency resolver.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static void RunTandemSignalR(this IAppBuilder builder, HubConfiguration configuration) => builder.RunHubs(configuration, null);

    /// <summary>Serves all hubs in this branch of the application, whose path the host has matched.</summary>
    /// <param name="builder">The branch.</param>
    /// <param name="configuration">Switches for scripts and errors, and the dependency resolver.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">An option cannot be used.</exception>
    public static void RunTandemSignalR(this IAppBuilder builder, HubConfiguration configuration, Action<TandemOptions> configure) =>
        builder.RunHubs(configuration, configure);

    /// <summary>Serves all hubs in this branch of the application, whose path the host has matched.</summary>
    /// <param name="builder">The branch.</param>
    /// <param name="applicationName">See <see cref="TandemOptions.ApplicationName"/>.</param>
    /// <param name="configuration">Switches for scripts and errors, and the dependency resolver.</param>
    /// <param name="configure">Sets further options.</param>
    /// <exception cref="InvalidOperationException">An option cannot be used.</exception>
    public static void RunTandemSignalR(
        this IAppBuilder builder, string applicationName, HubConfiguration configuration, Action<TandemOptions> configure) =>
        builder.RunHubs(configuration, Named(applicationName, configure));

    /// <summary>Serves a PersistentConnection in this branch of the application, whose path the host has matched.</summary>
    /// <typeparam name="TConnection">The PersistentConnection.</typeparam>
    /// <param name="builder">The branch.</param>
    /// <exception cref="InvalidOperationException">There is no connection string, or an option cannot be used.</exception>
    public static void RunTandemSignalR<TConnection>(this IAppBuilder builder)
        where TConnection : PersistentConnection => builder.RunConnection<TConnection>(new ConnectionConfiguration(), null);

    /// <summary>Serves a PersistentConnection in this branch of the application, whose path the host has matched.</summary>
    /// <typeparam name="TConnection">The PersistentConnection.</typeparam>
    /// <param name="builder">The branch.</param>
    /// <param name="configuration">The dependency resolver.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="InvalidOperationException">An option cannot be used.</exception>
    public static void RunTandemSignalR<TConnection>(
        this IAppBuilder builder, ConnectionConfiguration configuration, Action<TandemOptions> configure)
        where TConnection : PersistentConnection => builder.RunConnection<TConnection>(configuration, configure);

    private static void RunHubs(this IAppBuilder builder, HubConfiguration configuration, Action<TandemOptions>? configure) =>
        builder.Add(null, "hubs", ClassicEndpoint.ForHubs("hubs", NotNull(configuration, nameof(configuration))), configure);

    private static void RunConnection<TConnection>(this IAppBuilder builder, ConnectionConfiguration configuration, Action<TandemOptions>? configure)
    {
        // There is no path to call it by: the host has matched that.
        var name = typeof(TConnection).FullName!;
        builder.Add(null, name, ClassicEndpoint.ForConnection(name, typeof(TConnection), NotNull(configuration, nameof(configuration))), configure);
    }

    private static IAppBuilder MapConnection<TConnection>(
        this IAppBuilder builder, string path, ConnectionConfiguration configuration, Action<TandemOptions>? configure) =>
        builder.Add(path, path, ClassicEndpoint.ForConnection(path, typeof(TConnection), NotNull(configuration, nameof(configuration))), configure);

    private static IAppBuilder MapHubs(this IAppBuilder builder, string path, HubConfiguration configuration, Action<TandemOptions>? configure) =>
        builder.Add(path, path, ClassicEndpoint.ForHubs(path, NotNull(configuration, nameof(configuration))), configure);

    private static IAppBuilder Add(this IAppBuilder builder, string? path, string name, ClassicEndpoint endpoint, Action<TandemOptions>? configure)
    {
        NotNull(builder, nameof(builder));
        var application = ApplicationFactory.GetOrCreate(configure, endpoint.Configuration.Resolver, new HostFacts(builder.Properties));
        builder.Use(application.Map(path, name, endpoint));

        // On IIS the middleware must run after authentication and before a session is opened. This is how hosts are told.
        if (builder.Properties.TryGetValue(OwinKeys.StageMarker, out var marker) && marker is Action<IAppBuilder, string> mark)
        {
            mark(builder, PostAuthorize);
        }

        return builder;
    }

    private static Action<TandemOptions> Named(string applicationName, Action<TandemOptions>? configure) => options =>
    {
        options.ApplicationName = applicationName;
        configure?.Invoke(options);
    };

    private static T NotNull<T>(T value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);
}
