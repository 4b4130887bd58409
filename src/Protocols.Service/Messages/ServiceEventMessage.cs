namespace Tandem.Protocols.Service;

/// <summary>News about an object of the gateway. SDKs only log it.</summary>
/// <remarks>Type 22; gateway → app server.</remarks>
public sealed class ServiceEventMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ServiceEventMessage(int objectType, string objectId, int kind, string? message)
    {
        ObjectType = objectType;
        ObjectId = objectId;
        Kind = kind;
        Message = message;
    }

    /// <summary>0 service instance, 1 connection, 2 user, 3 group, 4 server connection.</summary>
    public int ObjectType { get; }

    /// <summary>Its name.</summary>
    public string ObjectId { get; }

    /// <summary>0 reloading, 1 invalid, 2 not existing, 3 buffer full.</summary>
    public int Kind { get; }

    /// <summary>Explanation for a person.</summary>
    public string? Message { get; }
}
