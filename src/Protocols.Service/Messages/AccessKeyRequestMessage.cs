namespace Tandem.Protocols.Service;

/// <summary>Asks for a signing key in exchange for a cloud identity token.</summary>
/// <remarks>Type 28; app server → gateway.</remarks>
public sealed class AccessKeyRequestMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public AccessKeyRequestMessage(string? token, string? keyId)
    {
        Token = token;
        KeyId = keyId;
    }

    /// <summary>The identity token.</summary>
    public string? Token { get; }

    /// <summary>The key the app server holds; null for none.</summary>
    public string? KeyId { get; }
}
