using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Tandem.Sdk.Core;

/// <summary>Asks, for a request at another path, what the authorization middleware would ask at the hub's own.</summary>
internal static class HubAuthorization
{
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
        var metadata = endpoint.Metadata;
        var services = context.RequestServices;
        var data = metadata.GetOrderedMetadata<IAuthorizeData>();
        var policies = metadata.GetOrderedMetadata<AuthorizationPolicy>();
        var requirements = metadata.GetOrderedMetadata<IAuthorizationRequirementData>();
        if (services.GetService<IPolicyEvaluator>() is not { } evaluator)
        {
            return data.Count + policies.Count + requirements.Count == 0
                ? PolicyAuthorizationResult.Success()
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

        if (policy is null)
        {
            return PolicyAuthorizationResult.Success();
        }

        var authentication = await evaluator.AuthenticateAsync(policy, context).ConfigureAwait(false);
        return metadata.GetMetadata<IAllowAnonymous>() is not null
            ? PolicyAuthorizationResult.Success()
            : await evaluator.AuthorizeAsync(policy, authentication, context, endpoint).ConfigureAwait(false);
    }

    /// <summary>Who is known comes first: the first identity is the one that has the name.</summary>
    private static ClaimsPrincipal Merge(List<ClaimsIdentity> identities) =>
        new(identities.OrderByDescending(static identity => identity.IsAuthenticated));
}
