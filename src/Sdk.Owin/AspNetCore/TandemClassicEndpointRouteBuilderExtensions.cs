#if NET
using Microsoft.AspNet.SignalR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Sdk.Owin;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps classic hubs, whose clients live on the gateway, in an ASP.NET Core application.</summary>
public static class TandemClassicEndpointRouteBuilderExtensions
{
    /// <summary>Maps all classic hubs at a path: negotiate, and the generated script at <c>/hubs</c> below it.</summary>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="path">Such as <c>/signalr</c>.</param>
    /// <param name="configuration">Switches for scripts and errors; may be null.</param>
    /// <returns>For metadata such as authorization and CORS.</returns>
    /// <exception cref="InvalidOperationException">AddTandemClassicHubs was not called, an option cannot be used, or the path is mapped already.</exception>
    public static IEndpointConventionBuilder MapTandemClassicHubs(
        this IEndpointRouteBuilder endpoints, string path = "/signalr", HubConfiguration? configuration = null)
    {
        var application = FindApplication(endpoints);
        return endpoints.Map(application, path, ClassicEndpoint.ForHubs(path, configuration ?? new HubConfiguration { Resolver = application.Runtime.Resolver }));
    }

    /// <summary>Maps a PersistentConnection at a path.</summary>
    /// <typeparam name="TConnection">The PersistentConnection.</typeparam>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="path">Such as <c>/raw</c>.</param>
    /// <returns>For metadata such as authorization and CORS.</returns>
    /// <exception cref="InvalidOperationException">AddTandemClassicHubs was not called, an option cannot be used, or the path is mapped already.</exception>
    public static IEndpointConventionBuilder MapTandemClassicConnection<TConnection>(this IEndpointRouteBuilder endpoints, string path)
        where TConnection : PersistentConnection
    {
        var application = FindApplication(endpoints);
        var configuration = new ConnectionConfiguration { Resolver = application.Runtime.Resolver };
        return endpoints.Map(application, path, ClassicEndpoint.ForConnection(path, typeof(TConnection), configuration));
    }

    private static TandemApplication FindApplication(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.ServiceProvider.GetService<TandemApplication>()
            ?? throw new InvalidOperationException("Classic hubs need their services: call builder.Services.AddTandemClassicHubs() first.");
    }

    private static IEndpointConventionBuilder Map(this IEndpointRouteBuilder endpoints, TandemApplication application, string path, ClassicEndpoint endpoint)
    {
        var requests = application.AddEndpoint(endpoint);
        return endpoints.Map(path + "/{**rest}", context => AnswerAsync(context, requests));
    }

    private static async Task AnswerAsync(HttpContext context, EndpointRequests requests)
    {
        var answer = await requests.AnswerAsync(new HttpContextRequest(context)).ConfigureAwait(false);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
#endif
