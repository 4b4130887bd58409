using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>Answers the clients of ASP.NET SignalR: negotiate with "go to the gateway", and the script with the hub proxies.</summary>
internal sealed partial class ClassicEndpoint(
    MappedHubs hubs, NegotiateClaims claims, IOptions<TandemOptions> options, ILogger<ClassicEndpoint> logger)
{
    private readonly TandemOptions _options = options.Value;

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var path = (context.Request.Path.Value ?? string.Empty).TrimEnd('/');
        if (EndsWith(path, "/hubs"))
        {
            return WriteScriptAsync(context, path[..^"/hubs".Length]);
        }

        if (EndsWith(path, "/js"))
        {
            return WriteScriptAsync(context, path[..^"/js".Length]);
        }

        return EndsWith(path, "/negotiate")
            ? NegotiateAsync(context)
            : context.WriteTextAsync(StatusCodes.Status404NotFound, "NotFound: clients of this application connect to the gateway, where negotiate sends them.");
    }

    private Task WriteScriptAsync(HttpContext context, string path)
    {
        // Classic clients have no way to send a stream.
        var proxies = hubs.All.Select(static hub => KeyValuePair.Create(
            hub.Name, hub.Runtime.Methods.Names.Except(hub.Runtime.Methods.Uploads)));
        context.Response.ContentType = "application/javascript; charset=UTF-8";
        return context.Response.WriteAsync(
            HubProxyScript.Create(context.Request.PathBase.Add(new PathString(path)).ToUriComponent(), proxies), context.RequestAborted);
    }

    private async Task NegotiateAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (!string.IsNullOrEmpty(query["callback"]))
        {
            await context.WriteTextAsync(StatusCodes.Status400BadRequest, "JSONP is no longer supported.").ConfigureAwait(false);
            return;
        }

        List<MappedHub> named;
        try
        {
            named = [.. ConnectionData.Read(query["connectionData"]).Select(Find)];
        }
        catch (FormatException exception)
        {
            Log.UnknownHubs(logger, exception.Message);
            await context.WriteTextAsync(StatusCodes.Status500InternalServerError, exception.Message).ConfigureAwait(false);
            return;
        }

        var allowed = await HubAuthorization.AuthorizeAsync(context, named).ConfigureAwait(false);
        if (named.Count > 0 && allowed.Hubs.Count == 0)
        {
            // No challenge of a scheme: that would be the page for signing in, which no client of this kind can show.
            await (allowed.IsForbidden
                ? context.WriteTextAsync(StatusCodes.Status403Forbidden, "Forbidden")
                : context.WriteTextAsync(StatusCodes.Status401Unauthorized, "Unauthorized")).ConfigureAwait(false);
            return;
        }

        await RedirectAsync(context, allowed.Hubs).ConfigureAwait(false);
    }

    private MappedHub Find(string name) => hubs.Find(name) ?? throw new FormatException($"'{name}' Hub could not be resolved.");

    private async Task RedirectAsync(HttpContext context, IReadOnlyList<MappedHub> allowed)
    {
        var clientProtocol = (string?)context.Request.Query["clientProtocol"];
        if (!ClientRedirect.CanFollow(clientProtocol))
        {
            Log.OldClient(logger, context.Request.Path, clientProtocol ?? "none");
        }

        if (Select(allowed) is not { } gateway)
        {
            Log.NoEndpoint(logger, _options.ApplicationName!);
            await context.WriteTextAsync(
                StatusCodes.Status500InternalServerError,
                $"Application '{_options.ApplicationName}' has no server connection to a gateway. Try again later.").ConfigureAwait(false);
            return;
        }

        string token;
        try
        {
            token = gateway.Tokens.Create(
                EndpointUrls.ClassicClientAudience(gateway.Endpoint.ConnectionString), claims.CollectClassic(context, allowed), _options.AccessTokenLifetime);
        }
        catch (AccessTokenTooLongException exception)
        {
            Log.TokenTooLong(logger, _options.ApplicationName!, exception.Length);
            await context.WriteTextAsync(StatusCodes.Status413PayloadTooLarge, exception.Message).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json; charset=UTF-8";
        context.Response.Headers.CacheControl = "no-store";
        var path = context.Request.PathBase.Add(context.Request.Path).Value ?? string.Empty;
        var url = ClientRedirect.Classic(gateway.Endpoint.ConnectionString, clientProtocol, path, context.Request.QueryString.Value ?? string.Empty);

        // TryWebSockets because the .NET client takes its absence for a no.
        await context.Response.WriteAsync(
            System.Text.Json.JsonSerializer.Serialize(new { ProtocolVersion = "2.0", RedirectUrl = url, AccessToken = token, TryWebSockets = true }),
            context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>An endpoint at which all the hubs are connected; a client without hubs does with any hub.</summary>
    private ServerConnectionSet? Select(IReadOnlyList<MappedHub> allowed)
    {
        if (allowed.Count == 0)
        {
            return hubs.All.Select(static hub => NegotiateEndpoint.Select(hub.Runtime.Connections.Sets)).FirstOrDefault(static set => set is not null);
        }

        // Each hub has a set per endpoint, in one order.
        var sets = allowed[0].Runtime.Connections.Sets;
        return NegotiateEndpoint.Select(
            [.. sets.Where((_, index) => allowed.All(hub => hub.Runtime.Connections.Sets[index].IsOnline))]);
    }

    private static bool EndsWith(string path, string suffix) => path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A classic client was refused: {Reason}", EventName = "UnknownHubs")]
        public static partial void UnknownHubs(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Warning, "A classic client of application {Application} was refused: no endpoint is connected.", EventName = "NoEndpoint")]
        public static partial void NoEndpoint(ILogger logger, string application);

        [LoggerMessage(3, LogLevel.Warning, "A classic client of application {Application} was refused: its access token would have {Length} characters.", EventName = "TokenTooLong")]
        public static partial void TokenTooLong(ILogger logger, string application, int length);

        [LoggerMessage(
            4, LogLevel.Information,
            "A client of {Endpoint} speaks protocol {Protocol} and cannot follow a redirect (SignalR before 2.4): point its URL at the gateway.",
            EventName = "OldClient")]
        public static partial void OldClient(ILogger logger, string endpoint, string protocol);
    }
}
