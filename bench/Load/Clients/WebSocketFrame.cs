namespace Tandem.Load.Clients;

/// <summary>A frame of a server, as a place in the buffer it was found in.</summary>
internal readonly record struct WebSocketFrame(WebSocketOpcode Opcode, bool IsFinal, int PayloadStart, int PayloadLength)
{
    public int End => PayloadStart + PayloadLength;
}
