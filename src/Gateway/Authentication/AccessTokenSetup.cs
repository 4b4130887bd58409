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
            LifetimeValidator = CheckLifetime,
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = TakeTokenFromQuery,
            OnTokenValidated = context => CheckAudience(context, path),
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

    private static Task CheckAudience(TokenValidatedContext context, string path)
    {
        var audiences = context.SecurityToken is JsonWebToken token ? token.Audiences : [];
        if (AudienceRule.Check(audiences, path, context.Request.Query[ServicePaths.HubQuery]) is { } error)
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

    private bool CheckLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (expires is null)
        {
            throw new SecurityTokenNoExpirationException("The token has no expiry.");
        }

        if (expires < now - ClockSkew)
        {
            throw new SecurityTokenExpiredException("The token has expired.");
        }

        if (notBefore > now + ClockSkew)
        {
            throw new SecurityTokenNotYetValidException("The token is not valid yet.");
        }

        return true;
    }
}
