namespace Tandem.Protocols.Service;

/// <summary>Asks whether a user has a connection.</summary>
/// <remarks>Type 25; app server → gateway.</remarks>
public sealed class CheckUserExistenceMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CheckUserExistenceMessage(string userId, int ackId)
    {
        UserId = userId;
        AckId = ackId;
    }

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>Id the <see cref="AckMessage"/> repeats.</summary>
    public int AckId { get; }
}
