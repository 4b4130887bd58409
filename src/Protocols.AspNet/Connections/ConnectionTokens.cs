using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>
/// Connection tokens: connection id and user, protected by the key ring, so that negotiate needs no memory and nodes that share the ring take each
/// other's tokens. A token is good in its application only.
/// </summary>
internal sealed class ConnectionTokens(IDataProtectionProvider protection)
{
    private const string Purpose = "Tandem.Classic.ConnectionToken";

    // An id, a user name as long as an access token can carry, and what protection adds.
    private const int MaxTokenLength = 8192;
    private const int IdLength = 36;

    /// <summary>Makes the token of a connection.</summary>
    /// <param name="application">The application the client belongs to.</param>
    /// <param name="connectionId">The id.</param>
    /// <param name="user">The user; null for an anonymous client.</param>
    public string Protect(string application, string connectionId, string? user) => Protector(application).Protect($"{connectionId}:{user}");

    /// <summary>Reads a token. False when it was not made for this application by a node with this key ring.</summary>
    public bool TryUnprotect(string application, string token, out string connectionId, out string user)
    {
        connectionId = user = string.Empty;
        if (token.Length > MaxTokenLength)
        {
            return false;
        }

        string text;
        try
        {
            text = Protector(application).Unprotect(token);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // How the ring says no, to a token that was changed and to one of a ring it does not have.
            return false;
        }

        if (text.Length <= IdLength || text[IdLength] != ':')
        {
            return false;
        }

        connectionId = text[..IdLength];
        user = text[(IdLength + 1)..];
        return true;
    }

    // Making one costs no more than a few allocations.
    private IDataProtector Protector(string application) => protection.CreateProtector(Purpose, application.ToLowerInvariant());
}
