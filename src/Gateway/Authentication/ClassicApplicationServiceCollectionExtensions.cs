using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using Tandem.Protocols.AspNet;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.Authentication;

/// <summary>Registers who may connect to the paths of applications whose classic clients negotiate with the gateway itself.</summary>
internal static class ClassicApplicationServiceCollectionExtensions
{
    /// <summary>Adds a policy for each application, and a scheme for each that has an authority.</summary>
    public static IServiceCollection AddClassicApplications(this IServiceCollection services, IConfiguration configuration)
    {
        var applications = configuration.GetSection("Tandem:Classic").Get<ClassicApplications>()?.Applications ?? [];
        foreach (var (name, application) in applications)
        {
            var policyName = ClassicApplications.PolicyName(name);
            var scheme = AccessTokenSchemes.Client;
            if (!string.IsNullOrEmpty(application.Authority))
            {
                scheme = policyName;
                services.AddAuthentication().AddJwtBearer(scheme, static _ => { });
                services.AddOptions<JwtBearerOptions>(scheme).Configure<TimeProvider, IOptions<GatewayOptions>>(
                    (options, time, gateway) => Configure(options, application, time, gateway.Value.ClockSkew));
            }

            services.Configure<AuthorizationOptions>(options =>
                options.AddPolicy(policyName, policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser()));
        }

        return services;
    }

    private static void Configure(JwtBearerOptions options, ClassicApplicationOptions application, TimeProvider time, TimeSpan clockSkew)
    {
        options.Authority = application.Authority;
        options.Audience = application.Audience;
        // The settings allow http for an authority on this machine only.
        options.RequireHttpsMetadata = false;
        options.SaveToken = false;
        options.TokenValidationParameters.ClockSkew = clockSkew;
        // As with the gateway's own tokens: a client has one token for its connection's life, and each request carries it.
        options.TokenValidationParameters.ValidateLifetime = false;
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = static context =>
            {
                if (!context.Request.Headers.ContainsKey(HeaderNames.Authorization))
                {
                    context.Token = context.Request.Query[ServicePaths.AccessTokenQuery];
                }

                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                if (BeginsConnection(context.Request.Path) && !IsAlive(context.SecurityToken, time.GetUtcNow().UtcDateTime, clockSkew))
                {
                    context.Fail(new SecurityTokenExpiredException("The token has expired, or is not valid yet."));
                }

                return Task.CompletedTask;
            },
        };
    }

    private static bool IsAlive(SecurityToken token, DateTime now, TimeSpan clockSkew) => token.ValidFrom <= now + clockSkew && token.ValidTo > now - clockSkew;

    private static bool BeginsConnection(PathString path) =>
        path.Value is { } text
        && (text.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase)
            || text.EndsWith("/connect", StringComparison.OrdinalIgnoreCase)
            // A client may start before it connects, and connection tokens never expire.
            || text.EndsWith("/start", StringComparison.OrdinalIgnoreCase));
}
