namespace Tandem.Protocols.Service;

/// <summary>Tells the app server to forget the partly received message of a client.</summary>
/// <remarks>Type 38; gateway → app server.</remarks>
public sealed class ConnectionReconnectMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ConnectionReconnectMessage(string connectionId)
    {
        ConnectionId = connectionId;
    }

    /// <summary>The client.</summary>
    public string ConnectionId { get; }
}
