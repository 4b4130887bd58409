using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Benchmarks;

/// <summary>A client whose transport takes every frame at once and does nothing with it.</summary>
internal sealed class CountingConnection : IPhysicalConnection, IClientTransport
{
    private readonly Arrivals _arrivals;

    public CountingConnection(Arrivals arrivals)
    {
        _arrivals = arrivals;
        Queue = new OutboundQueue(new OutboundQueueOptions(), this);
        Queue.TryAttach(this);
    }

    public OutboundQueue Queue { get; }

    public ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        _arrivals.Arrived(frames.Length);
        return ValueTask.FromResult(true);
    }

    public ValueTask CloseAsync(CloseReason reason) => ValueTask.CompletedTask;

    public void Abort()
    {
    }

    public void OnDisconnected(ClientConnection connection, CloseReason reason, string? message) =>
        throw new InvalidOperationException($"A client was disconnected: {reason}.");

    public void OnTransportFailed(IClientTransport transport, Exception exception) =>
        throw new InvalidOperationException("A transport failed.", exception);
}
