using System.Buffers.Text;
using System.Security.Cryptography;

namespace Tandem.Routing.Connections;

/// <summary>
/// Makes connection ids and connection tokens: random, base64url (classic SDKs split ids at <c>.</c> and <c>|</c>). An id
/// ends with the tag of the node that owns the connection.
/// </summary>
public sealed class ConnectionIds
{
    private const int TagBytes = 3;
    private const int RandomBytes = 15;
    private const int TokenBytes = 18;

    /// <summary>Draws the tag of this node: 4 characters.</summary>
    public ConnectionIds()
    {
        NodeTag = RandomText(TagBytes);
    }

    /// <summary>The tag at the end of this node's connection ids; also its instance id towards app servers.</summary>
    public string NodeTag { get; }

    /// <summary>A new connection id: 120 random bits and the node tag, 24 characters.</summary>
    public string NewConnectionId() => RandomText(RandomBytes) + NodeTag;

    /// <summary>
    /// A new connection id in the form of a GUID, which applications of classic SignalR may rely on: 104 random bits, and the node tag's
    /// three bytes at the end.
    /// </summary>
    public string NewGuidConnectionId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[..^TagBytes]);
        Base64Url.DecodeFromChars(NodeTag, bytes[^TagBytes..]);
        return new Guid(bytes, bigEndian: true).ToString("d");
    }

    /// <summary>A new connection token: 144 random bits, 24 characters. It proves that a request belongs to a connection: never log it.</summary>
    public static string NewConnectionToken() => RandomText(TokenBytes);

    private static string RandomText(int bytes)
    {
        Span<byte> random = stackalloc byte[bytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}
