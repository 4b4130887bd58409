using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.Sdk.Core;

/// <summary>
/// Puts the gateway between clients and the endpoints that <c>MapHub</c> made: negotiate redirects, connecting is refused.
/// Metadata stays, so authentication, authorization, CORS and rate limits of the application come first, as always.
/// </summary>
internal sealed class HubEndpointMatcherPolicy(NegotiateEndpoint negotiate) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _replacements = [];

    // After the policies that decide whether an endpoint matches at all.
    public override int Order => 1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(static endpoint => endpoint.Metadata.GetMetadata<HubMetadata>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            ref var candidate = ref candidates[i];
            if (candidates.IsValidCandidate(i) && candidate.Endpoint.Metadata.GetMetadata<HubMetadata>() is not null)
            {
                candidates.ReplaceEndpoint(i, _replacements.GetValue(candidate.Endpoint, Replace), candidate.Values);
            }
        }

        return Task.CompletedTask;
    }

    private Endpoint Replace(Endpoint original)
    {
        var hubType = original.Metadata.GetMetadata<HubMetadata>()!.HubType;
        RequestDelegate handler = original.Metadata.GetMetadata<NegotiateMetadata>() is null
            ? context => NegotiateEndpoint.RefuseDirectAsync(context, hubType)
            : context => negotiate.InvokeAsync(context, hubType);
        return original is RouteEndpoint route
            ? new RouteEndpoint(handler, route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
            : new Endpoint(handler, original.Metadata, original.DisplayName);
    }
}
