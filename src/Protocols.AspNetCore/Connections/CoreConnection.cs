using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Connections;

/// <summary>
/// The physical connection of one ASP.NET Core SignalR client: its token, its transport, its handshake, its keep-alive.
/// </summary>
/// <remarks>
/// A connection goes through these states, always forward:
/// <list type="number">
/// <item>negotiated: waits for a transport (skipped by clients that do not negotiate);</item>
/// <item>started: a transport is chosen for good; waits for the handshake;</item>
/// <item>connected: the router has paired it; messages flow;</item>
/// <item>closing: nothing more is read; what waits is sent, then the transport is closed, or aborted when that takes too long;</item>
/// <item>ended.</item>
/// </list>
/// Bytes of the client arrive one call at a time: from the one receive loop, or under <see cref="SendGate"/> from POST requests.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "Neither the token source (no timer) nor the gates (no wait handle) hold anything to dispose of.")]
internal sealed partial class CoreConnection : IPhysicalConnection, IInboundHandler
{
    private readonly CoreConnectionContext _context;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private SemaphoreSlim? _pollGate;
    private bool _hasPlace = true;
    private volatile ClientTransports _transport;
    private CloseReason _closeReason;
    private ClientConnection? _client;
    private CoreHubProtocol? _protocol;
    private HttpRequestSnapshot? _request;
    private WebSocketClientTransport? _webSocket;
    private LongPollClientTransport? _poll;

    public CoreConnection(CoreConnectionContext context, string connectionId, string hub, ClientPrincipal principal, ILogger logger)
    {
        _context = context;
        _logger = logger;
        ConnectionId = connectionId;
        Hub = hub;
        Principal = principal;
        Queue = new OutboundQueue(context.QueueOptions, this);
        _sinceTimestamp = context.Time.GetTimestamp();
    }

    /// <summary>Public name of the connection.</summary>
    public string ConnectionId { get; }

    /// <summary>The hub of the token.</summary>
    public string Hub { get; }

    /// <summary>What the token says.</summary>
    public ClientPrincipal Principal { get; }

    /// <summary>What the client is made with.</summary>
    public ClientLibrary Library { get; set; } = ClientLibrary.Unknown;

    public OutboundQueue Queue { get; }

    /// <summary>Serialises POST requests; WebSockets have none.</summary>
    public SemaphoreSlim? SendGate { get; private set; }

    /// <summary>The transport, once chosen.</summary>
    public ClientTransports Transport => _transport;

    /// <summary>Why the connection is closing; <see cref="CloseReason.None"/> while it is not.</summary>
    public CloseReason CloseReason => _closeReason;

    /// <summary>Chooses the transport; only the first call succeeds.</summary>
    public bool TryStart(ClientTransports transport, HttpRequest request)
    {
        lock (_lock)
        {
            if (_transport != ClientTransports.None || _closeReason != CloseReason.None)
            {
                return false;
            }

            SendGate = transport == ClientTransports.WebSockets ? null : new SemaphoreSlim(1, 1);
            _pollGate = transport == ClientTransports.LongPolling ? new SemaphoreSlim(1, 1) : null;
            _request = HttpRequestSnapshot.Take(request, _context.Ids.NodeTag, Principal.IsDiagnostic);
            _sinceTimestamp = _startTimestamp = _context.Time.GetTimestamp();
            // Last: a POST looks at it without the lock, and then takes the gate.
            _transport = transport;
            return true;
        }
    }

    /// <summary>Content type of polls with messages.</summary>
    public string PollContentType => _protocol is { IsText: false } ? "application/octet-stream" : "text/plain";

    /// <summary>Gives the connection its WebSocket. False when it has been closed meanwhile.</summary>
    public bool TryAttach(WebSocketClientTransport transport)
    {
        _webSocket = transport;
        return Queue.TryAttach(transport);
    }

    /// <summary>Gives the connection a poll, in place of a former one. False when the connection has ended.</summary>
    public async Task<bool> TryAttachAsync(LongPollClientTransport poll)
    {
        // One after the other. Of three polls at once the second would otherwise find that the third has its place, and take that for
        // the end of the connection.
        await _pollGate!.WaitAsync();
        try
        {
            LongPollClientTransport? former;
            lock (_lock)
            {
                former = _poll;
                _poll = poll;
            }

            if (former is not null)
            {
                former.Finish(PollEnd.Superseded);
                await Queue.DetachAsync(former);
            }

            return Queue.TryAttach(poll);
        }
        finally
        {
            _pollGate.Release();
        }
    }

    /// <summary>Takes a poll away. When the task completes, nothing more is written to it.</summary>
    public Task DetachAsync(LongPollClientTransport poll)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_poll, poll))
            {
                _poll = null;
                _sinceTimestamp = _context.Time.GetTimestamp();
            }
        }

        return Queue.DetachAsync(poll);
    }

    /// <summary>Ends the connection; the first reason wins.</summary>
    public void Close(CloseReason reason)
    {
        if (_client is { } client)
        {
            // Comes back as OnDisconnected, unless the router has ended it before.
            _context.Router.Disconnect(client, reason);
        }
        else
        {
            BeginClose(reason, Goodbye(reason, null));
        }
    }

    public void OnDisconnected(ClientConnection connection, CloseReason reason, string? message) =>
        BeginClose(reason, Goodbye(reason, message));

    public void OnTransportFailed(IClientTransport transport, Exception exception)
    {
        Log.TransportFailed(_logger, exception, ConnectionId, _transport);
        Close(CloseReason.TransportFailed);
    }

    /// <summary>Drops everything at once.</summary>
    public void Abort()
    {
        Queue.Abort();
        lock (_lock)
        {
            _poll?.Finish(PollEnd.Closed);
        }
    }

    private void BeginClose(CloseReason reason, ReadOnlyMemory<byte>? goodbye)
    {
        ClientConnection? client;
        CoreHubProtocol? protocol;
        lock (_lock)
        {
            if (_closeReason != CloseReason.None)
            {
                return;
            }

            _closeReason = reason;
            _sinceTimestamp = _context.Time.GetTimestamp();
            (client, protocol) = (_client, _protocol);
        }

        LeavePlace();
        if (protocol is not null)
        {
            _context.Protocols.Release(protocol);
        }

        _closing.Cancel();
        if (client is not null)
        {
            // It was paired between the caller's look and the lock; the router ignores a connection that has ended already.
            _context.Router.Disconnect(client, reason);
        }

        if (reason is CloseReason.SlowConsumer or CloseReason.TransportFailed)
        {
            // Nothing to say to a client that does not listen; flushing a megabyte to it would take for ever.
            Queue.Abort();
        }
        else
        {
            Queue.Complete(reason, goodbye is { } bytes ? new Frame(Encode(bytes)) : null);
        }
    }

    /// <summary>The last message to the client: a close message after the handshake, an error response before it.</summary>
    private ReadOnlyMemory<byte>? Goodbye(CloseReason reason, string? message)
    {
        if (reason is CloseReason.ClientClosed || (reason == CloseReason.AppServerClosed && message is null))
        {
            return null;
        }

        if (_protocol is null || !Queue.IsOpen)
        {
            return CoreMessages.HandshakeError(_handshakeError ?? reason.Describe());
        }

        // The text of whoever closed the connection may hold details; the gateway's own sentences do not.
        var text = message is null || !Principal.DetailedErrors ? reason.Describe() : message;
        return _protocol.Close(text, reason.ShouldReconnect());
    }

    private ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> message) =>
        _transport == ClientTransports.ServerSentEvents ? CoreHubProtocols.Json.ServerSentEvents!.Encode(message) : message;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Client connection {ConnectionId} broke the protocol: {Error}", EventName = "ProtocolViolation")]
        public static partial void ProtocolViolation(ILogger logger, string connectionId, string error);

        [LoggerMessage(2, LogLevel.Debug, "Sending to client connection {ConnectionId} over {Transport} failed.", EventName = "TransportFailed")]
        public static partial void TransportFailed(ILogger logger, Exception exception, string connectionId, ClientTransports transport);
    }
}
