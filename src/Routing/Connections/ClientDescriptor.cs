using Tandem.Protocols.Service;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Messages;

namespace Tandem.Routing.Connections;

/// <summary>What an adapter knows about a client that asks to be connected.</summary>
public sealed class ClientDescriptor
{
    /// <summary>Public name of the connection; unique, from <see cref="ConnectionIds"/>.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>The hub, as named on the wire (<see cref="ServicePaths.PrefixedHub"/>); compared without case.</summary>
    public required string Hub { get; init; }

    /// <summary>
    /// Further hubs, as named on the wire, whose app servers may reach the client: a classic client is paired in its application and a
    /// member of each hub it names.
    /// </summary>
    public IReadOnlyList<string> MemberHubs { get; init; } = [];

    /// <summary>How frames for this client are made; names its hub protocol and its family too.</summary>
    public required FrameEncoder Encoder { get; init; }

    /// <summary>Name of the transport, for metrics: <c>webSockets</c>, <c>serverSentEvents</c>, <c>longPolling</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>What the client is made with.</summary>
    public ClientLibrary Library { get; init; } = ClientLibrary.Unknown;

    /// <summary>The user; null when the token names none.</summary>
    public string? UserId { get; init; }

    /// <summary>All claims of the token, types as long .NET URIs.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Claims { get; init; } = [];

    /// <summary>Request headers of the client, and the gateway's own.</summary>
    public IReadOnlyList<KeyValuePair<string, string[]>> Headers { get; init; } = [];

    /// <summary>Query of the client's URL with its leading <c>?</c>, without the access token; or empty.</summary>
    public string QueryString { get; init; } = string.Empty;

    /// <summary>The handshake as the client sent it, to be passed on; empty for protocols that have none.</summary>
    public ReadOnlyMemory<byte> Handshake { get; init; }

    /// <summary>Id of the app server the client should be paired with; null when any will do.</summary>
    public string? StickyServerId { get; init; }

    /// <summary>With <see cref="StickyServerId"/>: refuse rather than pair with another app server.</summary>
    public bool StickyRequired { get; init; }
}
