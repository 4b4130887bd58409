using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using Tandem.Gateway.Reports;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Authentication;

/// <summary>How access tokens are checked; the same for app servers and clients but for the audience.</summary>
internal sealed class AccessTokenSetup(AccessKeyProvider keys, IOptions<GatewayOptions> gateway, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    // Query parameters with the connection token, in requests of a connection that exists.
    private const string ConnectionTokenQuery = "id";
    private const string ClassicConnectionTokenQuery = "connectionToken";
    private const string NegotiateSuffix = "/negotiate";
    private const string ConnectSuffix = "/connect";
    private const string StartSuffix = "/start";

    public void Configure(JwtBearerOptions options) => Configure(null, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name is not (AccessTokenSchemes.Server or AccessTokenSchemes.Client))
        {
            return;
        }

        var isServer = name == AccessTokenSchemes.Server;

        // The default mapping of claim names stays on: app servers look claims up by their long URIs.
        options.MapInboundClaims = true;
        options.SaveToken = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = false,
            // AudienceRule needs the request to compare with.
            ValidateAudience = false,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha512],
            // SDKs put a random number into kid: every key is tried.
            IssuerSigningKeyResolver = (_, _, _, _) => keys.Keys,
            // Whether the expiry matters depends on the request; see CheckRequest.
            ValidateLifetime = false,
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = TakeTokenFromQuery,
            OnTokenValidated = context => CheckRequest(context, isServer),
            OnChallenge = ExplainAsync,
        };
    }

    private static Task TakeTokenFromQuery(MessageReceivedContext context)
    {
        if (!context.Request.Headers.ContainsKey(HeaderNames.Authorization))
        {
            context.Token = context.Request.Query[ServicePaths.AccessTokenQuery];
        }

        return Task.CompletedTask;
    }

    private Task CheckRequest(TokenValidatedContext context, bool isServer)
    {
        var token = (JsonWebToken)context.SecurityToken;
        var request = context.Request;
        if (LifetimeFailure(token, request) is { } failure)
        {
            context.Fail(failure);
        }
        else if ((isServer ? CheckServerAudience(token, request) : CheckClientAudience(token, request)) is { } error)
        {
            context.Fail(new TokenRejectedException(error));
        }

        return Task.CompletedTask;
    }

    private static string? CheckServerAudience(JsonWebToken token, HttpRequest request) =>
        IsUnder(request, ReportEndpoints.Path)
            ? AudienceRule.CheckPath(token.Audiences, ReportEndpoints.ClientsPath)
            : AudienceRule.Check(token.Audiences, IsUnder(request, ServicePaths.ClassicServer) ? ServicePaths.ClassicServer : ServicePaths.Server, Hub(request));

    /// <summary>What is not a Core client is a classic one: where it may connect without a redirect is a matter of configuration.</summary>
    private static string? CheckClientAudience(JsonWebToken token, HttpRequest request) =>
        IsUnder(request, ServicePaths.Client)
            ? AudienceRule.Check(token.Audiences, ServicePaths.Client, Hub(request))
            : AudienceRule.CheckPath(token.Audiences, ServicePaths.ClassicClient);

    private static string? Hub(HttpRequest request) => request.Query[ServicePaths.HubQuery].FirstOrDefault();

    private static bool IsUnder(HttpRequest request, string path) => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers 401 with the reason in the body; SDKs and people show that, and nobody reads headers.</summary>
    private static async Task ExplainAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var failure = context.AuthenticateFailure;
        var text = TokenErrors.Describe(failure);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.WWWAuthenticate = failure is null ? "Bearer" : $"Bearer error=\"invalid_token\", error_description=\"{text}\"";
        response.ContentType = "text/plain; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.HttpContext.RequestAborted);
        }
    }

    private SecurityTokenException? LifetimeFailure(JsonWebToken token, HttpRequest request)
    {
        var (now, clockSkew) = (time.GetUtcNow().UtcDateTime, gateway.Value.ClockSkew);
        if (!token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out _))
        {
            return new SecurityTokenNoExpirationException("The token has no expiry.");
        }

        if (token.ValidTo < now - clockSkew && !BelongsToConnection(request))
        {
            return new SecurityTokenExpiredException("The token has expired.");
        }

        return token.ValidFrom > now + clockSkew ? new SecurityTokenNotYetValidException("The token is not valid yet.") : null;
    }

    /// <summary>
    /// A client has one token for its connection's life and no way to another, and each poll and each POST carries it: only the beginning
    /// asks for one that has not expired. An id that names no connection gets a 404 instead.
    /// </summary>
    private static bool BelongsToConnection(HttpRequest request)
    {
        var path = request.Path.Value.AsSpan().TrimEnd('/');
        if (path.EndsWith(NegotiateSuffix, StringComparison.OrdinalIgnoreCase)
            || IsUnder(request, ServicePaths.Server)
            || IsUnder(request, ReportEndpoints.Path)
            || IsUnder(request, ServicePaths.ClassicServer))
        {
            return false;
        }

        return IsUnder(request, ServicePaths.Client)
            ? !string.IsNullOrEmpty(request.Query[ConnectionTokenQuery])
            : !path.EndsWith(ConnectSuffix, StringComparison.OrdinalIgnoreCase)
                // A classic client may start before it connects, and connection tokens never expire.
                && !path.EndsWith(StartSuffix, StringComparison.OrdinalIgnoreCase)
                && !string.IsNullOrEmpty(request.Query[ClassicConnectionTokenQuery]);
    }
}
