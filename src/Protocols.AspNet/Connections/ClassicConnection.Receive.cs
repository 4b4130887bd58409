using System.Buffers;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <content>The app server's side: pairing, what goes up, and results.</content>
internal sealed partial class ClassicConnection
{
    // What app servers take for the client's return.
    private static readonly ReadOnlySequence<byte> ReconnectMessage = new("asrs:reconnect"u8.ToArray());

    private readonly SemaphoreSlim _pairing = new(1, 1);
    private volatile int _losses;
    private volatile int _lossesMadeGood;

    /// <summary>Whether the app server has been told of the client.</summary>
    public bool IsStarted => _client is not null;

    private bool IsServerLost => _losses != _lossesMadeGood;

    /// <summary>
    /// Sees to it that an app server serves the client: announces it to one at first, and to another when that one was lost. Waits for one, as
    /// long as clients wait.
    /// </summary>
    /// <returns>Why there is none, and whether the app server has just been told of the client.</returns>
    public async ValueTask<(CloseReason Reason, bool IsNew)> PairAsync()
    {
        if (_client is not null && !IsServerLost)
        {
            return (_closeReason, false);
        }

        try
        {
            await _pairing.WaitAsync(_closing.Token);
            try
            {
                return _client is not { } client ? (await StartAsync(), true)
                    : IsServerLost ? (await StartAgainAsync(client), true)
                    : (_closeReason, false);
            }
            finally
            {
                _pairing.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return (_closeReason, false);
        }
    }

    /// <summary>Tells the app server that the client is back. Only for one that knew it all the time.</summary>
    public async ValueTask NotifyReconnectedAsync()
    {
        if (_client is { } client)
        {
            try
            {
                await _context.Router.NotifyReconnectedAsync(client, ReconnectMessage, _closing.Token);
            }
            catch (OperationCanceledException)
            {
                // The connection ends.
            }
        }
    }

    /// <summary>A message that came over a WebSocket. What is no call is ignored, as in ASP.NET SignalR: there is nobody to answer.</summary>
    public async ValueTask<bool> OnMessageAsync(SocketStream socket, ReadOnlyMemory<byte> message)
    {
        if (Client.Hubs is not null)
        {
            if (!CallId.TryRead(message.Span, out var call))
            {
                return _closeReason == CloseReason.None;
            }

            if (_calls.Begin(socket, call.Text) is { } alias)
            {
                message = call.Replace(message.Span, alias);
            }
        }

        try
        {
            return await SendUpAsync(message) == CloseReason.None || _closeReason == CloseReason.None;
        }
        catch (ProtocolViolationException)
        {
            return _closeReason == CloseReason.None;
        }
    }

    /// <summary>Begins to wait for the result of a call that comes by POST, or with what is no call until it has gone up; null when too many do.</summary>
    public PendingSend? TryHold(CallId call, bool isCall) => _sends.TryAdd(call.Text, isCall);

    /// <summary>It has gone up and there is nothing to wait for, or it could not go up.</summary>
    public void Release(PendingSend send) => _sends.Remove(send);

    /// <summary>Stops waiting for it. When it comes all the same, it goes down the stream.</summary>
    public void LetGo(PendingSend send)
    {
        if (_sends.Remove(send))
        {
            Log.CallAbandoned(_logger, ConnectionId);
        }
    }

    /// <summary>Sends a message of the client to its app server. Awaiting it is the back-pressure.</summary>
    /// <returns><see cref="CloseReason.None"/>, or why it was not sent.</returns>
    /// <exception cref="ProtocolViolationException">It is for a hub of ASP.NET Core, or may be, and no call.</exception>
    public async ValueTask<CloseReason> SendUpAsync(ReadOnlyMemory<byte> message)
    {
        var (reason, _) = await PairAsync();
        if (reason != CloseReason.None)
        {
            return reason;
        }

        try
        {
            return await _context.Router.ReceiveAsync(_client!, new ReadOnlySequence<byte>(message), _closing.Token) ? CloseReason.None
                : _closeReason == CloseReason.None ? CloseReason.ServerConnectionLost
                : _closeReason;
        }
        catch (OperationCanceledException)
        {
            return _closeReason;
        }
    }

    public void OnServerLost(ClientConnection connection)
    {
        Interlocked.Increment(ref _losses);
        _calls.LoseServer();
        _sends.Lose(CloseReason.ServerConnectionLost, close: false);
        CurrentStream?.Finish(StreamEnd.ServerLost);
    }

    /// <summary>Gives a result to the POST that waits for it. A stream of events or a poll takes one without such a POST among its messages.</summary>
    public bool TryTake(ClientConnection connection, Frame frame)
    {
        var bytes = frame.Bytes.Span;
        if (bytes.IsEmpty)
        {
            // Neither a result nor messages.
            DropBadResult();
            return true;
        }

        if (ClassicFrame.IsMessage(bytes))
        {
            if (_kind != ClientTransports.WebSockets && ClassicProgress.TryRead(ClassicFrame.Items(bytes), out var calling))
            {
                _sends.FollowStream(calling);
                return false;
            }

            return _calls.AreConfused && TryTakeProgress(connection, frame);
        }

        if (!CallId.TryReadResult(bytes, out var call))
        {
            DropBadResult();
            return true;
        }

        if (_sends.TryComplete(call.Text, frame.Bytes))
        {
            return true;
        }

        if (_kind == ClientTransports.WebSockets)
        {
            return false;
        }

        Enqueue(connection, ClassicFrame.Create(_context.Cursors, bytes));
        return true;
    }

    /// <summary>No client could make anything of it, and nobody can tell which call it is for.</summary>
    private void DropBadResult()
    {
        _context.Metrics.BadResult();
        Log.BadResult(_logger, ConnectionId, Client.Application);
    }

    /// <summary>Progress of a call that goes by another id, or was made over a socket that is lost. App servers send it by itself.</summary>
    private bool TryTakeProgress(ClientConnection connection, Frame frame)
    {
        var bytes = frame.Bytes.Span;
        if (!ClassicProgress.TryRead(ClassicFrame.Items(bytes), out var callId))
        {
            return false;
        }

        if (!_calls.TryContinue(callId, out var original))
        {
            _context.Metrics.LateResult();
            return true;
        }

        if (original is null)
        {
            return false;
        }

        Enqueue(connection, ClassicProgress.Replace(bytes, callId, original));
        return true;
    }

    private void Enqueue(ClientConnection connection, byte[] frame)
    {
        if (Queue.TryEnqueue(new Frame(frame)) == EnqueueResult.OverBudget)
        {
            _context.Router.Disconnect(connection, CloseReason.SlowConsumer);
        }
    }

    private async ValueTask<CloseReason> StartAsync()
    {
        if (_closeReason != CloseReason.None)
        {
            return _closeReason;
        }

        var result = await _context.Router.ConnectAsync(
            new ClientDescriptor
            {
                ConnectionId = ConnectionId,
                Hub = ServicePaths.ApplicationHub(Client.Application),
                MemberHubs = Client.MemberHubs(),
                Encoder = _context.Encoder,
                Transport = Name(_kind),
                Library = Client.Library,
                UserId = Client.Principal.UserId,
                Claims = Client.Claims,
                Headers = Client.Headers,
                QueryString = Client.QueryString,
                StickyServerId = Client.Principal.StickyServerId,
                StickyRequired = Client.Principal.StickyRequired,
            },
            this,
            _closing.Token);
        if (result.Connection is not { } client)
        {
            return result.Reason;
        }

        CloseReason closed;
        lock (_lock)
        {
            _client = client;
            closed = _closeReason;
        }

        LeavePlace();
        if (closed != CloseReason.None)
        {
            // Closed while it was being paired, before there was a client to disconnect.
            _context.Router.Disconnect(client, closed);
        }

        return closed;
    }

    private async ValueTask<CloseReason> StartAgainAsync(ClientConnection client)
    {
        // Until there is another one, whatever else the client sends waits for it as well. That one may be lost before this call goes on.
        var losses = _losses;
        var reason = await _context.Router.PairAgainAsync(client, _closing.Token);
        if (reason == CloseReason.None)
        {
            _lossesMadeGood = losses;
        }

        return reason;
    }

    private static string Name(ClientTransports kind) => kind switch
    {
        ClientTransports.WebSockets => "webSockets",
        ClientTransports.ServerSentEvents => "serverSentEvents",
        _ => "longPolling",
    };
}
