namespace Tandem.Protocols.Service;

/// <summary>A message to all connections of one user.</summary>
/// <remarks>Type 8; app server → gateway.</remarks>
public sealed class UserDataMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public UserDataMessage(string userId, ServicePayloads payloads)
    {
        UserId = userId;
        Payloads = payloads;
    }

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>The message in each hub protocol.</summary>
    public ServicePayloads Payloads { get; }
}
