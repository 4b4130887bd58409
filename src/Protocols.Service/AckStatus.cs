namespace Tandem.Protocols.Service;

/// <summary>The answer to a message with an ack id. The values are those of the wire.</summary>
public enum AckStatus
{
    /// <summary>Done, or: it exists.</summary>
    Ok = 1,

    /// <summary>There is no such connection, user or group. SDKs treat it as a quiet "no", not as an error.</summary>
    NotFound = 2,

    /// <summary>It took too long. SDKs throw.</summary>
    Timeout = 3,

    /// <summary>The gateway failed. SDKs throw.</summary>
    InternalServerError = 4,
}
