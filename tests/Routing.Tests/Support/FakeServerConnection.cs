using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing.Hubs;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Tests.Support;

/// <summary>
/// A server connection that keeps what is written to it. As the contract wants it: the state of a pairing changes under the same lock, and
/// in the same step, as the message that announces the change.
/// </summary>
internal sealed class FakeServerConnection(HubState hub, string serverConnectionId, string serverId) : IServerConnection
{
    private readonly Lock _lock = new();
    private readonly List<ServiceMessage> _written = [];
    private TaskCompletionSource? _full;
    private int _waiting;
    private bool _takesClients = true;

    public string ServerConnectionId => serverConnectionId;

    public string ServerId => serverId;

    public HubState Hub => hub;

    public ProtocolFamily Family { get; init; }

    public ServerConnectionKind Kind { get; init; }

    public MigrationLevel MigrationLevel { get; init; }

    public MemberSet Clients { get; } = new();

    public bool AcceptsClients
    {
        get
        {
            lock (_lock)
            {
                return _takesClients && Kind != ServerConnectionKind.Weak;
            }
        }
    }

    /// <summary>Called when a pairing is about to begin, outside the lock.</summary>
    public Action? BeforeBegin { get; set; }

    /// <summary>Called when a pairing has begun, outside the lock.</summary>
    public Action? AfterBegin { get; set; }

    /// <summary>Producers of client data that wait for room.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Everything written, in order.</summary>
    public ServiceMessage[] Written
    {
        get
        {
            lock (_lock)
            {
                return [.. _written];
            }
        }
    }

    public IEnumerable<T> All<T>() where T : ServiceMessage => Written.OfType<T>();

    /// <summary>The client data that was written for a connection.</summary>
    public string[] Data(string connectionId) =>
        [.. All<ConnectionDataMessage>().Where(message => message.ConnectionId == connectionId).Select(message => Text.Of(message.Payload))];

    public void StopClients()
    {
        lock (_lock)
        {
            _takesClients = false;
        }
    }

    /// <summary>Makes senders of client data wait until <see cref="MakeRoom"/>.</summary>
    public void Fill()
    {
        lock (_lock)
        {
            _full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void MakeRoom()
    {
        lock (_lock)
        {
            _full?.TrySetResult();
            _full = null;
        }
    }

    public void Send(ServiceMessage message)
    {
        lock (_lock)
        {
            _written.Add(message);
        }
    }

    public bool BeginPairing(Pairing pairing, OpenConnectionMessage open, ConnectionDataMessage? handshake)
    {
        BeforeBegin?.Invoke();
        lock (_lock)
        {
            if (!_takesClients || Kind == ServerConnectionKind.Weak)
            {
                return false;
            }

            _written.Add(open);
            if (handshake is not null)
            {
                _written.Add(handshake);
            }

            pairing.Begin();
        }

        AfterBegin?.Invoke();
        return true;
    }

    public bool EndPairing(Pairing pairing, CloseConnectionMessage? message, bool clientMoves)
    {
        lock (_lock)
        {
            if (!pairing.IsActive)
            {
                return false;
            }

            if (message is not null)
            {
                _written.Add(message);
            }

            pairing.End(clientMoves);
            return true;
        }
    }

    public async ValueTask<bool> SendDataAsync(Pairing pairing, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (!pairing.IsActive)
                {
                    return false;
                }

                if (_full is null)
                {
                    _written.Add(new ConnectionDataMessage(pairing.Client.ConnectionId, payload.ToArray()));
                    return true;
                }

                room = _full.Task;
            }

            Interlocked.Increment(ref _waiting);
            try
            {
                await room.WaitAsync(cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }
}
