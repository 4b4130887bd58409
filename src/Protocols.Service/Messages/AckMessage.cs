namespace Tandem.Protocols.Service;

/// <summary>Answers a message that carried an ack id.</summary>
/// <remarks>Type 20; gateway → app server.</remarks>
public sealed class AckMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public AckMessage(int ackId, AckStatus status, string? message, ReadOnlyMemory<byte> payload = default)
    {
        AckId = ackId;
        Status = status;
        Message = message;
        Payload = payload;
    }

    /// <summary>The id of the question.</summary>
    public int AckId { get; }

    /// <summary>The answer.</summary>
    public AckStatus Status { get; }

    /// <summary>Explanation for a person; may be null.</summary>
    public string? Message { get; }

    /// <summary>Sixth element of newer protocol versions; empty when absent.</summary>
    public ReadOnlyMemory<byte> Payload { get; }
}
