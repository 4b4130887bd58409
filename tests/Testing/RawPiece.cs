using System.Net.WebSockets;
using System.Text;

namespace Tandem.Testing;

/// <summary>What one WebSocket message, one event or one poll brought.</summary>
/// <param name="Bytes">The bytes; of an event, its data.</param>
/// <param name="Type">Type of the WebSocket message; null on other transports.</param>
/// <param name="ContentType">Content type of the poll; null on other transports.</param>
public sealed record RawPiece(byte[] Bytes, WebSocketMessageType? Type = null, string? ContentType = null)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public override string ToString() => Text;
}

/// <summary>How the receiving side of a <see cref="RawCoreClient"/> ended.</summary>
/// <param name="Orderly">A WebSocket close message, the end of the event stream, or a 204.</param>
/// <param name="CloseStatus">Status of the WebSocket close message.</param>
/// <param name="Status">Status of the poll that was the last.</param>
public sealed record RawEnd(bool Orderly, WebSocketCloseStatus? CloseStatus = null, int? Status = null);
