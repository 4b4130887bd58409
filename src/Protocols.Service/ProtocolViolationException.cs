namespace Tandem.Protocols.Service;

/// <summary>The bytes can never become a message. Thrown by codecs only; the loop that owns the connection ends it.</summary>
public sealed class ProtocolViolationException : Exception
{
    /// <summary>Says what is wrong with the bytes; never quotes them.</summary>
    public ProtocolViolationException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong with the bytes and what found it.</summary>
    public ProtocolViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
