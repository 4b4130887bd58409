namespace Tandem.Protocols.Service;

/// <summary>Asks whether a connection is there.</summary>
/// <remarks>Type 24; app server → gateway.</remarks>
public sealed class CheckConnectionExistenceMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CheckConnectionExistenceMessage(string connectionId, int ackId)
    {
        ConnectionId = connectionId;
        AckId = ackId;
    }

    /// <summary>The connection.</summary>
    public string ConnectionId { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }
}
