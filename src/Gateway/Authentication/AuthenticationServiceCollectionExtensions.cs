using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tandem.Transports;

namespace Tandem.Gateway.Authentication;

/// <summary>Registers who may do what.</summary>
internal static class AuthenticationServiceCollectionExtensions
{
    /// <summary>Adds the schemes and policies of app servers and clients.</summary>
    public static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        services.TryAddSingleton<AccessKeyProvider>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, AccessTokenSetup>();
        services.AddAuthentication()
            .AddJwtBearer(AccessTokenSchemes.Server, static _ => { })
            .AddJwtBearer(AccessTokenSchemes.Client, static _ => { });
        services.AddAuthorizationBuilder()
            .AddPolicy(AccessTokenSchemes.ServerPolicy, static policy => policy.AddAuthenticationSchemes(AccessTokenSchemes.Server).RequireAuthenticatedUser())
            .AddPolicy(ClientPolicy.Name, static policy => policy.AddAuthenticationSchemes(AccessTokenSchemes.Client).RequireAuthenticatedUser());
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, RequestLogGuard>();
        return services;
    }
}
