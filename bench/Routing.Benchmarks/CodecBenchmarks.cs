using System.Buffers;
using BenchmarkDotNet.Attributes;
using Tandem.Protocols.Service;

namespace Tandem.Benchmarks;

/// <summary>The service messages of the hot paths, read and written.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const string ConnectionId = "0123456789abcdefghijkl";
    private const int LengthPrefix = 1;

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private byte[] _connectionData = [];
    private byte[] _broadcast = [];
    private ReadOnlySequence<byte> _payload;

    [Params(64, 2048)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _payload = new ReadOnlySequence<byte>(new byte[PayloadBytes]);
        _connectionData = Body(new ConnectionDataMessage(ConnectionId, _payload.ToArray()));
        _broadcast = Body(new BroadcastDataMessage([], new ServicePayloads([new ServicePayload("json", _payload.ToArray())])));
    }

    /// <summary>Client to app server.</summary>
    [Benchmark]
    public int Write_connection_data()
    {
        _output.ResetWrittenCount();
        ServiceProtocolWriter.WriteConnectionData(ConnectionId, _payload, _output);
        return _output.WrittenCount;
    }

    /// <summary>App server to client.</summary>
    [Benchmark]
    public int Read_connection_data() =>
        ServiceProtocolReader.TryReadConnectionData(_connectionData, out var id, out var payload) ? id.Length + payload.Length : 0;

    /// <summary>App server to many: one message object, however many recipients.</summary>
    [Benchmark]
    public ServiceMessage Read_broadcast() => ServiceProtocolReader.Read(_broadcast);

    private static byte[] Body(ServiceMessage message)
    {
        var frame = ServiceProtocolWriter.WriteToArray(message);
        var prefix = LengthPrefix;
        while ((frame[prefix - 1] & 0x80) != 0)
        {
            prefix++;
        }

        return frame[prefix..];
    }
}
