using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Tandem.Load.Clients;

/// <summary>
/// One hub protocol from the client's side. Messages out are made once, before a measurement, with the real protocol;
/// messages in are only cut apart, because parsing arguments would cost the load generator more than the servers.
/// </summary>
internal abstract class HubEncoding(IHubProtocol protocol)
{
    public string Name => protocol.Name;

    /// <summary>The first message of a client, already framed.</summary>
    public byte[] Handshake => WebSocketFrames.Frame(WriteHandshake(), isText: true);

    public byte[] Ping => Frame(PingMessage.Instance);

    public static HubEncoding ByName(string name) => name switch
    {
        "json" => new JsonHubEncoding(),
        "messagepack" => new MessagePackHubEncoding(),
        _ => throw new ArgumentException($"There is no hub protocol '{name}' here: json or messagepack.", nameof(name)),
    };

    /// <summary>An invocation, framed. Without an id the server sends no completion.</summary>
    public byte[] Invocation(string? id, string target, params string[] arguments) => Frame(new InvocationMessage(id, target, arguments));

    /// <summary>Cuts the first message off <paramref name="input"/>; false when it is not there as a whole.</summary>
    public abstract bool TryRead(ref ReadOnlySpan<byte> input, out HubMessageKind kind, out ReadOnlySpan<byte> message);

    private byte[] Frame(HubMessage message) =>
        WebSocketFrames.Frame(protocol.GetMessageBytes(message).Span, isText: protocol.TransferFormat == TransferFormat.Text);

    private byte[] WriteHandshake()
    {
        var output = new ArrayBufferWriter<byte>();
        HandshakeProtocol.WriteRequestMessage(new HandshakeRequestMessage(protocol.Name, 1), output);
        return output.WrittenSpan.ToArray();
    }
}
