using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Routing.Tests.Support;

/// <summary>The socket of a client: a queue, and what the core says about it.</summary>
internal sealed class FakePhysicalConnection : IPhysicalConnection
{
    private readonly Lock _lock = new();
    private readonly List<(CloseReason Reason, string? Message)> _ends = [];
    private readonly List<Exception> _failures = [];

    public FakePhysicalConnection(OutboundQueueOptions? options = null)
    {
        Queue = new OutboundQueue(options ?? new OutboundQueueOptions(), this);
    }

    public OutboundQueue Queue { get; }

    public bool SurvivesServer { get; init; }

    /// <summary>How often its app server was lost.</summary>
    public int LostServers { get; private set; }

    /// <summary>What was taken instead of being queued; null to take nothing.</summary>
    public List<string>? Taken { get; init; }

    /// <summary>What the owner does when a write failed; nothing by default.</summary>
    public Action? OnFailure { get; set; }

    /// <summary>Every call that told of the end.</summary>
    public (CloseReason Reason, string? Message)[] Ends
    {
        get
        {
            lock (_lock)
            {
                return [.. _ends];
            }
        }
    }

    public Exception[] Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _failures];
            }
        }
    }

    public void OnDisconnected(ClientConnection connection, CloseReason reason, string? message)
    {
        lock (_lock)
        {
            _ends.Add((reason, message));
        }

        Queue.Complete(reason, null);
    }

    public void OnServerLost(ClientConnection connection) => LostServers++;

    public bool TryTake(ClientConnection connection, Frame frame)
    {
        Taken?.Add(Text.Of(frame.Bytes));
        return Taken is not null;
    }

    public void OnTransportFailed(IClientTransport transport, Exception exception)
    {
        lock (_lock)
        {
            _failures.Add(exception);
        }

        OnFailure?.Invoke();
    }

    /// <summary>Takes what the client would see now; empty while the handshake response is missing.</summary>
    public async Task<string[]> TakeAsync() => (await TakeMemoryAsync()).Select(memory => Text.Of(memory)).ToArray();

    public async Task<ReadOnlyMemory<byte>[]> TakeMemoryAsync()
    {
        if (!Queue.IsOpen)
        {
            return [];
        }

        var transport = new ScriptedTransport();
        if (!Queue.TryAttach(transport))
        {
            return [];
        }

        await Wait.UntilAsync(() => Queue.QueuedFrames == 0, "the queue to be drained");
        await Queue.DetachAsync(transport).InTimeAsync();
        return transport.Memory;
    }
}
