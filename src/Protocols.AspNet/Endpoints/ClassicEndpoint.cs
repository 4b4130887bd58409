using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Protocols.Service;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>
/// Everything below the path of a mapping: which request it is, says the end of its path; the verb does not matter. The checks come in the order
/// of ASP.NET SignalR, so that a request with several faults gets the same answer.
/// </summary>
internal sealed class ClassicEndpoint(
    ClassicNegotiateEndpoint negotiate,
    ClassicReceiveEndpoint receive,
    ClassicSendEndpoint send,
    ClassicControlEndpoint control,
    ClassicScriptEndpoint scripts,
    ConnectionTokens tokens,
    IAuthorizationPolicyProvider policies,
    IPolicyEvaluator evaluator,
    IAuthorizationMiddlewareResultHandler challenges,
    IOptions<ClassicProtocolOptions> options)
{
    private const string WrongUser = "Unrecognized user identity.  The user identity cannot change during an active SignalR connection.";

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context, ClassicMapping mapping)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        if (!string.IsNullOrEmpty(ClassicRequest.Query(context.Request, "callback")))
        {
            ClassicAnswers.RefuseWithPhrase(context, StatusCodes.Status403Forbidden, "Forbidden: JSONP is disabled.");
            return;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!mapping.IsPersistentConnection && IsScript(path))
        {
            await scripts.HandleAsync(context, mapping);
            return;
        }

        if (path.EndsWith("/ping", StringComparison.OrdinalIgnoreCase))
        {
            // Without a look at the token: JavaScript clients ping all day and have none that lasts so long.
            await ClassicControlEndpoint.PingAsync(context);
        }
        else if (await AuthorizeAsync(context, mapping) && await ReadAsync(context, mapping) is { } request)
        {
            await DispatchAsync(request);
        }
    }

    private static bool IsScript(string path)
    {
        var trimmed = path.AsSpan().TrimEnd('/');
        return trimmed.EndsWith("/hubs", StringComparison.OrdinalIgnoreCase) || trimmed.EndsWith("/js", StringComparison.OrdinalIgnoreCase);
    }

    private static bool HasToken(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.Authorization) || request.Query.ContainsKey(ServicePaths.AccessTokenQuery);

    private static bool TryReadTransport(HttpRequest request, out ClientTransports transport, out string error)
    {
        var name = ClassicRequest.Query(request, "transport");
        error = "Protocol error: Unknown transport.";
        transport =
            Is(name, "webSockets") ? ClientTransports.WebSockets
            : Is(name, "serverSentEvents") ? ClientTransports.ServerSentEvents
            : Is(name, "longPolling") ? ClientTransports.LongPolling
            : ClientTransports.None;
        if (Is(name, "foreverFrame"))
        {
            error = "The foreverFrame transport is not available here. Use webSockets, serverSentEvents or longPolling.";
        }

        return transport != ClientTransports.None;
    }

    private static bool Is(string? name, string transport) => string.Equals(name, transport, StringComparison.OrdinalIgnoreCase);

    private async ValueTask<bool> AuthorizeAsync(HttpContext context, ClassicMapping mapping)
    {
        var policy = await policies.GetPolicyAsync(mapping.PolicyName)
            ?? throw new InvalidOperationException($"There is no authorization policy {mapping.PolicyName}.");
        var authentication = await evaluator.AuthenticateAsync(policy, context);
        if (mapping.AllowAnonymous && !authentication.Succeeded && !HasToken(context.Request))
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity());
            return true;
        }

        var authorization = await evaluator.AuthorizeAsync(policy, authentication, context, resource: context);
        if (!authorization.Succeeded)
        {
            await challenges.HandleAsync(static _ => Task.CompletedTask, context, policy, authorization);
        }

        return authorization.Succeeded;
    }

    /// <summary>What the request says of its client; null, and the request answered, when that makes no sense.</summary>
    private async ValueTask<ClassicRequest?> ReadAsync(HttpContext context, ClassicMapping mapping)
    {
        var principal = new ClientPrincipal(context.User);
        var named = context.User.FindFirst(ServiceClaims.ApplicationName)?.Value;
        var application = mapping.Application ?? named;
        if (string.IsNullOrEmpty(application))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, $"The access token names no application (claim {ServiceClaims.ApplicationName}).");
            return null;
        }

        if (named is not null && !application.Equals(named, StringComparison.OrdinalIgnoreCase))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, "The access token is for another application.");
            return null;
        }

        if (context.Request.Query["connectionData"].Count > 1)
        {
            // App servers see several values as one text and make their own sense of it: they might authorize other hubs than are joined here.
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "There is more than one connectionData.");
            return null;
        }

        var text = ClassicRequest.Query(context.Request, "connectionData");
        if (mapping.IsPersistentConnection || text is null)
        {
            return new ClassicRequest(context, mapping, principal, application, null);
        }

        if (!ConnectionData.TryRead(text, options.Value.MaxConnectionDataLength, options.Value.MaxHubsPerConnection, out var hubs, out var error))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
            return null;
        }

        return new ClassicRequest(context, mapping, principal, application, hubs);
    }

    private async Task DispatchAsync(ClassicRequest request)
    {
        if (request.EndsWith("/negotiate"))
        {
            await negotiate.HandleAsync(request);
            return;
        }

        var context = request.Context;
        if (!TryReadTransport(context.Request, out var transport, out var error))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        if (ClassicRequest.Query(context.Request, ClassicClient.ConnectionTokenQuery) is not { Length: > 0 } token)
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "Protocol error: Missing connection token.");
            return;
        }

        if (!tokens.TryUnprotect(request.Application, token, out var connectionId, out var user))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "The ConnectionId is in the incorrect format.");
            return;
        }

        if (!user.Equals(request.Principal.UserId ?? string.Empty, StringComparison.OrdinalIgnoreCase))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, WrongUser);
            return;
        }

        if (!request.Principal.AllowedTransports.HasFlag(transport))
        {
            await ClassicAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, $"The access token does not allow {transport}.");
            return;
        }

        request = request with { Transport = transport, ConnectionId = connectionId };
        await (request.EndsWith("/start") ? control.StartAsync(request)
            : request.EndsWith("/send") ? send.HandleAsync(request)
            : request.EndsWith("/abort") ? control.AbortAsync(request)
            : receive.HandleAsync(request));
    }
}
