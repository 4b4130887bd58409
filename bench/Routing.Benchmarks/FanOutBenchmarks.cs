using BenchmarkDotNet.Attributes;
using Tandem.Protocols.Service;

namespace Tandem.Benchmarks;

/// <summary>
/// A message from the moment it is read off a server connection until every recipient's transport has it, without sockets.
/// Time and allocations are per recipient: what is left above zero bytes is allocated for each of them, and a mistake.
/// </summary>
[MemoryDiagnoser]
public class FanOutBenchmarks
{
    private const int Recipients = 1000;
    private const int GroupSize = 10;

    private readonly RoutedHub _hub = new(Recipients, GroupSize);
    private BroadcastDataMessage _broadcast = null!;
    private ServiceMessage[] _toGroups = [];

    [Params(64, 2048)]
    public int PayloadBytes { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        await _hub.ConnectAsync();
        var payloads = new ServicePayloads([new ServicePayload(RoutedHub.HubProtocol, new byte[PayloadBytes])]);
        _broadcast = new BroadcastDataMessage([], payloads);
        _toGroups = [.. _hub.Groups.Select(group => new GroupBroadcastDataMessage(group, [], payloads))];
    }

    [Benchmark(OperationsPerInvoke = Recipients)]
    public void Broadcast() => _hub.Route(_broadcast);

    /// <summary>As many recipients in groups of ten: what the walk around a group costs shows in the difference.</summary>
    [Benchmark(OperationsPerInvoke = Recipients)]
    public void Groups_of_ten() => _hub.Route(_toGroups);

    [GlobalCleanup]
    public void Cleanup() => _hub.Dispose();
}
