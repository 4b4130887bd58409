using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Tandem.Transports;

namespace Tandem.Gateway.Cors;

/// <summary>Registers which web pages may talk to client endpoints.</summary>
internal static class CorsServiceCollectionExtensions
{
    // What browsers keep at most differs (Chromium two hours, Firefox a day); an hour spares most preflights and follows a change soon.
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(1);

    /// <summary>Adds the CORS policy of client endpoints.</summary>
    public static IServiceCollection AddClientCors(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<ClientAccessOptions>>(static (cors, clients) =>
            cors.AddPolicy(ClientPolicy.CorsName, policy => Build(policy, clients.Value.AllowedOrigins)));
        return services;
    }

    /// <summary>Browser clients send credentials by default, and a wildcard origin is not allowed with them: the origin is echoed.</summary>
    private static void Build(CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy.AllowCredentials().AllowAnyHeader().AllowAnyMethod().SetPreflightMaxAge(PreflightMaxAge);
        if (origins.Count == 0 || origins.Contains("*"))
        {
            policy.SetIsOriginAllowed(static _ => true);
        }
        else
        {
            policy.WithOrigins([.. origins.Select(static origin => origin.TrimEnd('/'))]).SetIsOriginAllowedToAllowWildcardSubdomains();
        }
    }
}
