using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tandem.Sdk.Core;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Lets the clients of ASP.NET SignalR use the hubs of an ASP.NET Core application.</summary>
public static class TandemClassicClientsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Answers classic clients, the jQuery plugin and the .NET client 2.x, for all hubs that <c>MapHub</c> maps: negotiate, and the script with
    /// the hub proxies at <c>/hubs</c> below the path. A hub is called as its class is, in any case. What authorizes a hub's own endpoint
    /// authorizes its classic clients, too. The application needs <see cref="TandemOptions.ApplicationName"/>.
    /// </summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="path">Where the clients look for it, such as <c>/signalr</c>.</param>
    /// <returns>For metadata such as CORS, which stands for negotiate and the script.</returns>
    /// <exception cref="InvalidOperationException">AddTandem was not called, or the application has no name, or that of a hub.</exception>
    /// <exception cref="ArgumentException">The path does not begin with <c>/</c>, or ends with it.</exception>
    public static IEndpointConventionBuilder MapTandemClassic(this IEndpointRouteBuilder endpoints, string path = "/signalr")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (string.IsNullOrEmpty(path) || path[0] != '/' || path[^1] == '/')
        {
            throw new ArgumentException($"The path '{path}' must begin with '/' and not end with it.", nameof(path));
        }

        var services = endpoints.ServiceProvider;
        var hubs = services.GetService<HubRegistry>()
            ?? throw new InvalidOperationException("Classic clients are served through the gateway: call builder.Services.AddSignalR().AddTandem() first.");
        if (string.IsNullOrEmpty(services.GetRequiredService<IOptions<TandemOptions>>().Value.ApplicationName))
        {
            throw new InvalidOperationException(
                "Classic clients belong to an application, and this one has no name. Set TandemOptions.ApplicationName (Tandem:ApplicationName in "
                + "configuration). An OWIN application that serves the same hubs must have the same name; without one it is 'app'.");
        }

        hubs.ServeClassicClients();
        var endpoint = services.GetRequiredService<ClassicEndpoint>();
        return endpoints.Map(path + "/{**rest}", endpoint.InvokeAsync).WithDisplayName("Classic clients at " + path);
    }
}
