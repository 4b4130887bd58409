using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Authentication;

/// <summary>How access tokens are checked; the same for app servers and clients but for the audience.</summary>
internal sealed class AccessTokenSetup(AccessKeyProvider keys, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    // Clocks of app servers differ from ours; five minutes is the usual allowance.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    // Query parameter with the connection token, in requests of a connection that exists.
    private const string ConnectionTokenQuery = "id";
    private static readonly PathString NegotiatePath = ServicePaths.Client + "/negotiate";

    public void Configure(JwtBearerOptions options) => Configure(null, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        var path = name switch
        {
            AccessTokenSchemes.Server => ServicePaths.Server,
            AccessTokenSchemes.Client => ServicePaths.Client,
            _ => null,
        };
        if (path is null)
        {
            return;
        }

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
            OnTokenValidated = context => CheckRequest(context, path),
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

    private Task CheckRequest(TokenValidatedContext context, string path)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (LifetimeFailure(token, context.Request) is { } failure)
        {
            context.Fail(failure);
        }
        else if (AudienceRule.Check(token.Audiences, path, context.Request.Query[ServicePaths.HubQuery].FirstOrDefault()) is { } error)
        {
            context.Fail(new TokenRejectedException(error));
        }

        return Task.CompletedTask;
    }

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
        var now = time.GetUtcNow().UtcDateTime;
        if (!token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out _))
        {
            return new SecurityTokenNoExpirationException("The token has no expiry.");
        }

        if (token.ValidTo < now - ClockSkew && !BelongsToConnection(request))
        {
            return new SecurityTokenExpiredException("The token has expired.");
        }

        return token.ValidFrom > now + ClockSkew ? new SecurityTokenNotYetValidException("The token is not valid yet.") : null;
    }

    /// <summary>
    /// A client has one token for its connection's life and no way to another, and each poll and each POST carries it: only the beginning
    /// asks for one that has not expired. An id that names no connection gets a 404 instead.
    /// </summary>
    private static bool BelongsToConnection(HttpRequest request) =>
        !request.Path.StartsWithSegments(NegotiatePath, StringComparison.OrdinalIgnoreCase)
        && request.Path.StartsWithSegments(ServicePaths.Client, StringComparison.OrdinalIgnoreCase)
        && !string.IsNullOrEmpty(request.Query[ConnectionTokenQuery]);
}
