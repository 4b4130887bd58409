namespace Tandem.Protocols.Service;

/// <summary>Announces a client that is paired with this server connection from now on.</summary>
/// <remarks>Type 4; gateway → app server.</remarks>
public sealed class OpenConnectionMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public OpenConnectionMessage(
        string connectionId,
        IReadOnlyList<KeyValuePair<string, string>> claims,
        IReadOnlyList<KeyValuePair<string, string[]>> headers,
        string queryString,
        string? protocol)
    {
        ConnectionId = connectionId;
        Claims = claims;
        Headers = headers;
        QueryString = queryString;
        Protocol = protocol;
    }

    /// <summary>Connection id of the client.</summary>
    public string ConnectionId { get; }

    /// <summary>Claims of the access token, types as long .NET URIs; a type may occur more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Claims { get; }

    /// <summary>Request headers of the client, and the gateway's own (<see cref="ServiceHeaders"/>).</summary>
    public IReadOnlyList<KeyValuePair<string, string[]>> Headers { get; }

    /// <summary>Query of the client's URL with its leading <c>?</c>, or empty. Never carries the access token.</summary>
    public string QueryString { get; }

    /// <summary>Hub protocol of the client's handshake, such as <c>json</c> (extension key 3); null for classic clients.</summary>
    public string? Protocol { get; }
}
