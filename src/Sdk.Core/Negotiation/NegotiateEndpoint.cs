using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>Answers a client's negotiate request with "go to the gateway".</summary>
internal sealed partial class NegotiateEndpoint(
    HubRegistry hubs, NegotiateClaims claims, IOptions<TandemOptions> options, ILogger<NegotiateEndpoint> logger)
{
    private readonly TandemOptions _options = options.Value;

    /// <summary>Tells a client that skipped negotiate why it cannot be served.</summary>
    public static Task RefuseDirectAsync(HttpContext context, Type hubType) =>
        context.WriteTextAsync(StatusCodes.Status400BadRequest,
            $"Hub {hubType.Name} is served through the gateway: clients must negotiate first. Remove skipNegotiation from the client's options.");

    public async Task InvokeAsync(HttpContext context, Type hubType)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await context.WriteTextAsync(StatusCodes.Status405MethodNotAllowed, "Negotiate is a POST request.").ConfigureAwait(false);
            return;
        }

        var hub = hubs.Get(hubType);
        if (Select(hub.Connections.Sets) is not { } set)
        {
            var reason = hub.Connections.NotConnected();
            Log.NoEndpoint(logger, hub.Name, reason);
            await context.WriteTextAsync(StatusCodes.Status500InternalServerError,
                $"Hub '{hub.Name}' has no server connection to a gateway. Try again later.").ConfigureAwait(false);
            return;
        }

        string token;
        try
        {
            var audience = EndpointUrls.ClientAudience(set.Endpoint.ConnectionString, hub.Name);
            token = set.Tokens.Create(audience, claims.Collect(context, hub), _options.AccessTokenLifetime);
        }
        catch (AccessTokenTooLongException exception)
        {
            Log.TokenTooLong(logger, hub.Name, exception.Length);
            await context.WriteTextAsync(StatusCodes.Status413PayloadTooLarge, exception.Message).ConfigureAwait(false);
            return;
        }

        await WriteAnswerAsync(context, ClientUrl(context, hub.Name, set.Endpoint.ConnectionString), token).ConfigureAwait(false);
    }

    /// <summary>A connected primary endpoint, else a connected secondary one, else none.</summary>
    internal static ServerConnectionSet? Select(IReadOnlyList<ServerConnectionSet> sets) =>
        SelectOf(sets, EndpointType.Primary) ?? SelectOf(sets, EndpointType.Secondary);

    private static ServerConnectionSet? SelectOf(IReadOnlyList<ServerConnectionSet> sets, EndpointType type)
    {
        var online = sets.Where(set => set.Endpoint.Type == type && set.IsOnline).ToArray();
        return online.Length == 0 ? null : online[Random.Shared.Next(online.Length)];
    }

    private static string ClientUrl(HttpContext context, string hub, ConnectionString connectionString)
    {
        var request = context.Request;
        var url = ClientRedirect.Core(
            connectionString, hub, request.PathBase.Add(request.Path).Value ?? string.Empty, request.QueryString.Value ?? string.Empty, context.TraceIdentifier);
        if (context.Features.Get<IRequestCultureFeature>()?.RequestCulture is { } culture)
        {
            url += Culture(ServicePaths.CultureQuery, culture.Culture) + Culture(ServicePaths.UICultureQuery, culture.UICulture);
        }

        return url;
    }

    private static string Culture(string parameter, CultureInfo culture) =>
        culture.Name.Length == 0 ? string.Empty : "&" + EndpointUrls.Parameter(parameter, culture.Name);

    private static async Task WriteAnswerAsync(HttpContext context, string url, string token)
    {
        var body = new ArrayBufferWriter<byte>();
        NegotiateProtocol.WriteResponse(new NegotiationResponse { Url = url, AccessToken = token, AvailableTransports = [] }, body);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A client of hub {Hub} was refused: no endpoint is connected.", EventName = "NoEndpoint")]
        public static partial void NoEndpoint(ILogger logger, string hub, Exception reason);

        [LoggerMessage(2, LogLevel.Warning, "A client of hub {Hub} was refused: its access token would have {Length} characters.", EventName = "TokenTooLong")]
        public static partial void TokenTooLong(ILogger logger, string hub, int length);
    }
}
