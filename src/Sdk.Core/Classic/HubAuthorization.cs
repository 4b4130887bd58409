using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Core;

/// <summary>Asks, for a request at another path, what the authorization middleware would ask at the hub's own.</summary>
internal static class HubAuthorization
{
    /// <summary>What <see cref="ServiceClaims.AuthorizedBy"/> says in tokens of this SDK.</summary>
    public const string Own = "core";

    /// <summary>
    /// Whether a client may use a hub that another application, or the gateway itself, let in under the hub's name: an OWIN application serves the
    /// same hub, or the client needed no application to negotiate. Clients this SDK let in were asked then.
    /// </summary>
    /// <param name="claims">The claims of its token.</param>
    /// <param name="request">Makes the request the hub sees, with the user of the token.</param>
    /// <param name="endpoint">The hub's endpoint; null when there is none to ask.</param>
    public static async Task<bool> IsAllowedAsync(IReadOnlyList<KeyValuePair<string, string>> claims, Func<HttpContext> request, Endpoint? endpoint)
    {
        if (endpoint is null || ClientPrincipal.Find(claims, ServiceClaims.AuthorizedBy) == Own || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return true;
        }

        var context = request();
        if (await FindPolicyAsync(context.RequestServices, endpoint).ConfigureAwait(false) is not { } policy)
        {
            return true;
        }

        // The token has said who the user is; there are no schemes to ask again.
        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        return (await authorization.AuthorizeAsync(context.User, context, policy).ConfigureAwait(false)).Succeeded;
    }

    /// <summary>
    /// The hubs the request's user may use. That user is afterwards who the schemes of those hubs' policies say, as at the hubs' own paths.
    /// </summary>
    public static async Task<AuthorizedHubs> AuthorizeAsync(HttpContext context, IReadOnlyList<MappedHub> hubs)
    {
        var user = context.User;
        var allowed = new List<MappedHub>();
        var identities = new List<ClaimsIdentity>();
        var forbidden = false;
        foreach (var hub in hubs)
        {
            context.User = user;
            var result = await AuthorizeAsync(context, hub.Endpoint).ConfigureAwait(false);
            forbidden |= result.Forbidden;
            if (result.Succeeded)
            {
                allowed.Add(hub);
                identities.AddRange(context.User.Identities.Where(identity => !identities.Contains(identity)));
            }
        }

        context.User = identities.Count == 0 || identities.SequenceEqual(user.Identities) ? user : Merge(identities);
        return new AuthorizedHubs(allowed, forbidden);
    }

    private static async Task<PolicyAuthorizationResult> AuthorizeAsync(HttpContext context, Endpoint endpoint)
    {
        if (await FindPolicyAsync(context.RequestServices, endpoint).ConfigureAwait(false) is not { } policy)
        {
            return PolicyAuthorizationResult.Success();
        }

        var evaluator = context.RequestServices.GetRequiredService<IPolicyEvaluator>();
        var authentication = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
        return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? PolicyAuthorizationResult.Success()
            : await evaluator.AuthorizeAsync(policy, authentication, context, endpoint).ConfigureAwait(false);
    }

    /// <summary>All that the hub's endpoint asks for; null when that is nothing.</summary>
    private static async Task<AuthorizationPolicy?> FindPolicyAsync(IServiceProvider services, Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var data = metadata.GetOrderedMetadata<IAuthorizeData>();
        var policies = metadata.GetOrderedMetadata<AuthorizationPolicy>();
        var requirements = metadata.GetOrderedMetadata<IAuthorizationRequirementData>();
        if (services.GetService<IPolicyEvaluator>() is null)
        {
            return data.Count + policies.Count + requirements.Count == 0
                ? null
                : throw new InvalidOperationException($"'{endpoint.DisplayName}' wants authorization: call builder.Services.AddAuthorization().");
        }

        var provider = services.GetRequiredService<IAuthorizationPolicyProvider>();
        var policy = await AuthorizationPolicy.CombineAsync(provider, data, policies).ConfigureAwait(false);
        if (requirements.Count > 0)
        {
            var builder = new AuthorizationPolicyBuilder();
            foreach (var requirement in requirements)
            {
                builder.AddRequirements([.. requirement.GetRequirements()]);
            }

            policy = policy is null ? builder.Build() : AuthorizationPolicy.Combine(policy, builder.Build());
        }

        return policy;
    }

    /// <summary>Who is known comes first: the first identity is the one that has the name.</summary>
    private static ClaimsPrincipal Merge(List<ClaimsIdentity> identities) =>
        new(identities.OrderByDescending(static identity => identity.IsAuthenticated));
}
