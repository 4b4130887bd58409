#if NET
using Microsoft.AspNet.SignalR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Sdk.Owin;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps classic hubs, whose clients live on the gateway, in an ASP.NET Core application.</summary>
public static class TandemClassicEndpointRouteBuilderExtensions
{
    private const string NegotiateSuffix = "/negotiate";

    // Hubs of ASP.NET Core, and pages, may have the same path: they come first.
    private const int BehindOthers = 1_000_000;

    /// <summary>Maps all classic hubs at a path: negotiate, and the generated script at <c>/hubs</c> below it. Clients of ASP.NET Core
    /// SignalR negotiate at <c>/{hub}</c>, below the path or not.</summary>
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

    private static RouteGroupBuilder Map(this IEndpointRouteBuilder endpoints, TandemApplication application, string path, ClassicEndpoint endpoint)
    {
        var requests = application.AddEndpoint(endpoint);
        var group = endpoints.MapGroup(string.Empty);
        group.Map(path + "/{**rest}", context => AnswerAsync(context, requests, RestOf(context)));
        if (requests.Core is { } clients)
        {
            foreach (var pattern in (string[])["/{hub}", "/{hub}" + NegotiateSuffix])
            {
                var constraint = new CoreHubConstraint(clients, pattern.EndsWith(NegotiateSuffix, StringComparison.Ordinal));
                group.Map(RoutePatternFactory.Parse(pattern, null, new { hub = constraint }), context => AnswerAsync(context, requests, context.Request.Path))
                    .Add(static builder => ((RouteEndpointBuilder)builder).Order = BehindOthers);
            }
        }

        return group;
    }

    /// <summary>What is below the mapping, wherever that is.</summary>
    private static string RestOf(HttpContext context) => "/" + context.Request.RouteValues["rest"];

    private static async Task AnswerAsync(HttpContext context, EndpointRequests requests, string path)
    {
        var request = new HttpContextRequest(context);
        var answer = requests.Core is { } clients && clients.Find(path, request.QueryString, request.Headers, isMapped: true) is { } core
            ? clients.Answer(core, request, context.Request.Method)
            : await requests.AnswerAsync(request).ConfigureAwait(false);
        if (answer.Header is { } header)
        {
            context.Response.Headers[header.Key] = header.Value;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
#endif
