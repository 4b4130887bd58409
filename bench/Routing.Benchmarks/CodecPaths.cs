using System.Buffers;
using Tandem.Protocols.Service;

namespace Tandem.Benchmarks;

/// <summary>The service messages of the hot paths, read and written.</summary>
internal sealed class CodecPaths
{
    private const string ConnectionId = "0123456789abcdefghijkl";

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly byte[] _connectionData;
    private readonly byte[] _broadcast;
    private readonly ReadOnlySequence<byte> _payload;

    public CodecPaths(int payloadBytes)
    {
        var payload = new byte[payloadBytes];
        _payload = new ReadOnlySequence<byte>(payload);
        _connectionData = Body(new ConnectionDataMessage(ConnectionId, payload));
        _broadcast = Body(new BroadcastDataMessage([], new ServicePayloads(new ServicePayload("json", payload))));
    }

    /// <summary>Client to app server.</summary>
    public void WriteConnectionData()
    {
        _output.ResetWrittenCount();
        ServiceProtocolWriter.WriteConnectionData(ConnectionId, _payload, _output);
    }

    /// <summary>App server to one client.</summary>
    public void ReadConnectionData()
    {
        if (!ServiceProtocolReader.TryReadConnectionData(_connectionData, out _, out _))
        {
            throw new InvalidOperationException("The frame is no plain connection data.");
        }
    }

    /// <summary>App server to many: one message object, however many recipients.</summary>
    public void ReadBroadcast() => ServiceProtocolReader.Read(_broadcast);

    private static byte[] Body(ServiceMessage message)
    {
        var input = new ReadOnlySequence<byte>(ServiceProtocolWriter.WriteToArray(message));
        return ServiceFraming.TryRead(ref input, int.MaxValue, out var frame) == FrameReadResult.Frame
            ? frame.ToArray()
            : throw new InvalidOperationException("What was written is no frame.");
    }
}
