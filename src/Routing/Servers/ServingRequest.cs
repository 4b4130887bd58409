using Tandem.Routing.Hubs;

namespace Tandem.Routing.Servers;

/// <summary>What app servers a client needs.</summary>
/// <param name="Hub">The hub of the client; a classic client's is its application.</param>
/// <param name="MemberHubs">The hubs a classic client named.</param>
/// <param name="Family">The client's family.</param>
/// <param name="CanBeTranslated">Whether app servers of the other family will do: the gateway knows the client's hub protocol.</param>
/// <param name="StickyServerId">The app server the client should go to; null when any will do.</param>
/// <param name="StickyRequired">Rather none than another app server.</param>
/// <param name="Since">When the client came; it waits for app servers from then on.</param>
/// <param name="Draw">A number from 0 to 99, drawn once for the client: below the weight of ASP.NET Core it goes there.</param>
internal sealed record ServingRequest(
    HubState Hub,
    HubState[] MemberHubs,
    ProtocolFamily Family,
    bool CanBeTranslated,
    string? StickyServerId,
    bool StickyRequired,
    long Since,
    int Draw);
