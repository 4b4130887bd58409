namespace Tandem.Protocols.Service;

/// <summary>Answers an access key request.</summary>
/// <remarks>Type 29; gateway → app server.</remarks>
public sealed class AccessKeyResponseMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public AccessKeyResponseMessage(string? keyId, string? accessKey, string? errorType, string? errorMessage)
    {
        KeyId = keyId;
        AccessKey = accessKey;
        ErrorType = errorType;
        ErrorMessage = errorMessage;
    }

    /// <summary>Id of the key.</summary>
    public string? KeyId { get; }

    /// <summary>The key.</summary>
    public string? AccessKey { get; }

    /// <summary>Null or empty on success.</summary>
    public string? ErrorType { get; }

    /// <summary>Explanation for a person.</summary>
    public string? ErrorMessage { get; }
}
